using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Provisioning.StartDeviceSharing;
using OcfCloud.Onvif.ShareTokens;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Tests.Provisioning.Support;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Provisioning;

/// <summary>Several shares of one camera: what one uses is not another's to take away.</summary>
public sealed class ReShareTests(PostgreSqlFixture postgreSql)
{
    public static TheoryData<StoreProvider> Both => [StoreProvider.Sqlite, StoreProvider.PostgreSql];

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Both))]
    public async Task The_same_cloud_again_gets_a_new_key_in_the_configuration_that_it_has(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        var first = await room.ShareAsync();
        await room.SettleAsync(first, ShareState.Connecting);
        var server = room.Camera.Keystore.Uplinks[ShareRoom.Wss].Server;
        var key = room.Camera.Keystore.Servers[server].Key;
        room.Camera.Asked.Clear();

        var second = await room.ShareAsync();
        await room.SettleAsync(second, ShareState.Connecting);

        Assert.Equal(["CreateECCKeyPair", "CreatePKCS10CSR", "SetAuthorizationServerConfiguration", "SetUplink"], room.Camera.Asked.Where(one => !one.StartsWith("Get", StringComparison.Ordinal)));
        Assert.Equal(server, room.Camera.Keystore.Uplinks[ShareRoom.Wss].Server);
        Assert.NotEqual(key, room.Camera.Keystore.Servers[server].Key);

        // The older goes: all but its key is the newer one's.
        await room.Shares.UnshareAsync(room.User, room.Camera.Id, first, Ending);
        await room.SettleAsync(first);
        Assert.False(room.Camera.Keystore.Keys.ContainsKey(key));
        Assert.True(room.Camera.Keystore.Uplinks.ContainsKey(ShareRoom.Wss));
        Assert.Single(room.Camera.Keystore.Policies.Values, one => one.Alias == "ocs-public");

        await room.Shares.UnshareAsync(room.User, room.Camera.Id, second, Ending);
        await room.SettleAsync(second);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Theory, InlineData("SetAuthorizationServerConfiguration"), InlineData("SetUplink")]
    public async Task A_second_share_that_fails_leaves_the_first_as_it_was(string step)
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var first = await room.ShareAsync();
        await room.SettleAsync(first, ShareState.Connecting);
        var shared = room.Camera.Keystore.Snapshot();
        room.Camera.Faults[step] = "InvalidArgVal/InvalidConfig";

        // Only for what is set up, not for what is put back.
        room.Camera.Asking = _ =>
        {
            if (room.Camera.Asked.Count > 0 && room.Camera.Asked[^1] == step) room.Camera.Faults.Clear();
        };
        var second = await room.ShareAsync(ShareRoom.Asked() with { UplinkConfigurations = [new UplinkConfiguration(ShareRoom.Wss, UserLevel.Operator, "ocs-public")] });

        Assert.Equal(ShareState.Failed, (await room.SettleAsync(second)).State);
        Assert.Equal(shared, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task The_newer_goes_and_the_older_is_as_it_was()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        await room.SettleAsync(await room.ShareAsync(), ShareState.Connecting);
        var shared = room.Camera.Keystore.Snapshot();
        var second = await room.ShareAsync(ShareRoom.Asked() with { UplinkConfigurations = [new UplinkConfiguration(ShareRoom.Wss, UserLevel.Operator, "ocs-public")] });
        await room.SettleAsync(second, ShareState.Connecting);
        Assert.Equal("Operator", room.Camera.Keystore.Uplinks[ShareRoom.Wss].Level);

        await room.Shares.UnshareAsync(room.User, room.Camera.Id, second, Ending);
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(second)).State);
        Assert.Equal(shared, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task What_only_shares_that_are_over_left_goes_with_the_last_that_is_not()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var first = await room.ShareAsync();
        await room.SettleAsync(first, ShareState.Connecting);
        var second = await room.ShareAsync();
        await room.SettleAsync(second, ShareState.Connecting);
        await room.WriteAsync(context => context.Set<Share>().AsTracking().Single(share => share.Id == first).State = ShareState.Failed);

        await room.Shares.UnshareAsync(room.User, room.Camera.Id, second, Ending);
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(second)).State);
        Assert.Equal([ShareRoom.OwnWss], room.Camera.Keystore.Uplinks.Keys);
        Assert.Single(room.Camera.Keystore.Servers);
        Assert.DoesNotContain(await room.ObjectsAsync(first), made => made.Kind is CameraObjectKind.Uplink or CameraObjectKind.AuthorizationServer);
    }

    [Fact]
    public async Task The_one_in_the_middle_goes_and_the_newest_keeps_its_key_and_the_oldest_gets_its_own_back()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        await room.SettleAsync(await room.ShareAsync(), ShareState.Connecting);
        var shared = room.Camera.Keystore.Snapshot();
        room.Time.Advance(TimeSpan.FromMinutes(1));
        var second = await room.ShareAsync();
        await room.SettleAsync(second, ShareState.Connecting);
        room.Time.Advance(TimeSpan.FromMinutes(1));
        var third = await room.ShareAsync();
        await room.SettleAsync(third, ShareState.Connecting);
        var server = room.Camera.Keystore.Servers[room.Camera.Keystore.Uplinks[ShareRoom.Wss].Server];

        await room.Shares.UnshareAsync(room.User, room.Camera.Id, second, Ending);
        await room.SettleAsync(second);
        Assert.Equal(server, room.Camera.Keystore.Servers[room.Camera.Keystore.Uplinks[ShareRoom.Wss].Server]);

        await room.Shares.UnshareAsync(room.User, room.Camera.Id, third, Ending);
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(third)).State);
        Assert.Equal(shared, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task What_an_uplink_was_before_is_no_uplink_to_anybody_who_reads_them()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        await room.SettleAsync(await room.ShareAsync(), ShareState.Connecting);
        var second = await room.ShareAsync();
        await room.SettleAsync(second, ShareState.Connecting);
        Assert.Equal([ShareRoom.Wss], (await room.ObjectsAsync(second)).Where(made => made.Kind == CameraObjectKind.Uplink).Select(made => made.Name));

        // Another cloud's startDeviceSharing for the same camera is looked at, and refused only for what it asks.
        var third = ShareRoom.Asked() with
        {
            UplinkConfigurations = [new UplinkConfiguration("wss://third.example/up", UserLevel.User, "third")],
            AuthorizationServerConfigurations = [new AuthorizationServerConfiguration("https://third.example/as", "c", null, "third")],
        };
        Assert.Null(await CheckAsync(third));
        Assert.NotNull(await CheckAsync(third with { UplinkConfigurations = [new UplinkConfiguration("wss://OCS.example:443/onvif/uplink/", UserLevel.User, "third")] }));

        async Task<SharingRefusal?> CheckAsync(DeviceConfiguration asked) => await room.Get<ConfigurationChecks>().CheckAsync(
            new RequestedShare
            {
                Json = default,
                Token = ShareRoom.Echoed,
                CompactToken = ShareRoom.Echoed,
                Row = new ShareToken { UserLevel = UserLevel.Administrator, TokenHash = [] },
                Camera = await room.CameraAsync(),
                Configuration = asked,
            },
            Ending);
    }

    [Fact]
    public async Task A_cloud_that_names_anothers_authorization_server_beside_its_own_does_not_get_that_ones_entry()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var first = await room.ShareAsync();
        await room.SettleAsync(first, ShareState.Connecting);
        var victim = room.Camera.Keystore.Uplinks[ShareRoom.Wss].Server;
        var shared = room.Camera.Keystore.Servers[victim];

        var own = new AuthorizationServerConfiguration("https://third.example/as", "c", null, "ocs-public");
        var second = await room.ShareAsync(ShareRoom.Asked() with
        {
            UplinkConfigurations = [new UplinkConfiguration("wss://third.example/up", UserLevel.User, "ocs-public"), new UplinkConfiguration("wss://third.example/up2", UserLevel.User, "ocs-public")],
            AuthorizationServerConfigurations = [own, ShareRoom.Asked().AuthorizationServerConfigurations[0]],
        });
        Assert.Equal(ShareState.Connecting, (await room.SettleAsync(second, ShareState.Connecting)).State);

        Assert.Equal(shared, room.Camera.Keystore.Servers[victim]);
        Assert.NotEqual(victim, room.Camera.Keystore.Uplinks["wss://third.example/up2"].Server);
    }

    [Fact]
    public async Task An_anchor_of_two_clouds_stays_until_the_last_of_them_goes()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        var first = await room.ShareAsync();
        await room.SettleAsync(first, ShareState.Connecting);
        var second = await room.ShareAsync(ShareRoom.Asked() with
        {
            UplinkConfigurations = [new UplinkConfiguration("wss://third.example/up", UserLevel.User, "third")],
            AuthorizationServerConfigurations = [new AuthorizationServerConfiguration("https://third.example/as", "c", null, "third")],
            CertPathValidationPolicies = [new CertPathValidationPolicy("third", [ShareRoom.RootA])],
        });
        await room.SettleAsync(second, ShareState.Connecting);

        await room.Shares.UnshareAsync(room.User, room.Camera.Id, first, Ending);
        await room.SettleAsync(first);
        Assert.Equal(2, room.Camera.Keystore.Certificates.Count);
        Assert.True(room.Camera.Keystore.Uplinks.ContainsKey("wss://third.example/up"));

        await room.Shares.UnshareAsync(room.User, room.Camera.Id, second, Ending);
        await room.SettleAsync(second);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Shares_are_their_owners_alone(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql);
        var id = await room.ShareAsync();
        var other = UserId.New();

        Assert.Equal([id], (await room.Shares.ListAsync(room.User, room.Camera.Id, Ending))!.Select(share => share.Id));
        Assert.Null(await room.Shares.ListAsync(other, room.Camera.Id, Ending));
        Assert.Null(await room.Shares.ListAsync(room.User, Guid.NewGuid(), Ending));
        Assert.Null(await room.Shares.FindAsync(other, room.Camera.Id, id, Ending));
        Assert.Null(await room.Shares.FindAsync(room.User, Guid.NewGuid(), id, Ending));
        Assert.Equal(ShareChange.Unknown, await room.Shares.UnshareAsync(other, room.Camera.Id, id, Ending));
        Assert.Equal(ShareChange.Unknown, await room.Shares.ResendAsync(room.User, room.Camera.Id, Guid.NewGuid(), Ending));
        Assert.Equal(ShareChange.Conflict, await room.Shares.ResendAsync(room.User, room.Camera.Id, id, Ending));

        Assert.Equal(ShareChange.Done, await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, Ending));
        Assert.Equal(ShareChange.Done, await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, Ending));
        room.Camera.IsOnline = false;
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(id)).State);
        Assert.Empty(room.Camera.Asked);
    }
}
