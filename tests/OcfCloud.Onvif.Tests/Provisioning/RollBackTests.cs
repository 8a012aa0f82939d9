using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Tests.Provisioning.Support;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Provisioning;

/// <summary>Whatever goes wrong, the camera is as it was before, or configured once.</summary>
public sealed class RollBackTests(PostgreSqlFixture postgreSql)
{
    private static readonly string[] Changing = ["UploadCertificate", "CreateCertPathValidationPolicy", "CreateECCKeyPair", "CreatePKCS10CSR", "CreateAuthorizationServerConfiguration", "SetUplink"];

    public static TheoryData<StoreProvider> Both => [StoreProvider.Sqlite, StoreProvider.PostgreSql];

    public static TheoryData<string, StoreProvider> Steps => new(Changing.Concat(["GetServices", "GetDeviceInformation", "GetUplinks", "GetAllCertificates", "GetKeyStatus"])
        .SelectMany(step => new[] { (step, StoreProvider.Sqlite), (step, StoreProvider.PostgreSql) }));

    [Theory, MemberData(nameof(Steps))]
    public async Task A_step_that_fails_leaves_the_camera_as_it_was(string step, StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        room.Camera.Faults[step] = "InvalidArgVal/InvalidConfig";
        var id = await room.ShareAsync();

        var share = await room.SettleAsync(id);

        Assert.Equal(ShareState.Failed, share.State);
        Assert.Contains(step, share.Reason, StringComparison.Ordinal);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
        Assert.Empty(await room.ObjectsAsync(id));
        Assert.Empty(room.Completions.Told);
    }

    [Fact]
    public async Task What_is_taken_back_goes_in_the_order_of_references()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        var id = await room.ShareAsync();
        await room.SettleAsync(id, ShareState.Connecting);
        room.Camera.Asked.Clear();

        Assert.Equal(ShareChange.Done, await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken));
        Assert.Equal(ShareState.Unsharing, (await room.FindAsync(id)).State);
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(id)).State);

        Assert.Equal(["GetServices", "GetUplinks", "DeleteUplink", "GetUplinks", "DeleteAuthorizationServerConfiguration", "DeleteKey", "DeleteCertPathValidationPolicy", "DeleteCertificate", "DeleteKey"], room.Camera.Asked);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_process_that_dies_after_any_call_leaves_a_camera_that_is_configured_once(StoreProvider provider)
    {
        await using var room = await ShareRoom.OpenAsync(provider, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        for (var call = 1; call <= 14; call++)
        {
            room.Completions.Told.Clear();
            var id = await room.ShareAsync();
            room.Camera.DiesAtCall = room.Camera.Calls + call;
            await Assert.ThrowsAsync<ProcessDeath>(() => room.RunAsync());
            await room.RestartAsync();

            Assert.Equal(ShareState.Connecting, (await room.SettleAsync(id, ShareState.Connecting)).State);
            var keystore = room.Camera.Keystore;
            Assert.Equal((4, 2, 2, 2, 2), (keystore.Keys.Count, keystore.Certificates.Count, keystore.Policies.Count, keystore.Servers.Count, keystore.Uplinks.Count));
            Assert.Single(room.Completions.Told);
            Assert.All(await room.ObjectsAsync(id), made => Assert.True(made is { Handle: not null, IsOurs: true }));
            await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken);
            await room.SettleAsync(id);
            Assert.Equal(before, room.Camera.Keystore.Snapshot());
        }
    }

    [Fact]
    public async Task A_process_that_dies_after_any_call_and_then_fails_leaves_a_camera_as_it_was()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        for (var call = 8; call <= 14; call++)
        {
            var id = await room.ShareAsync();
            room.Camera.DiesAtCall = room.Camera.Calls + call;
            await Assert.ThrowsAsync<ProcessDeath>(() => room.RunAsync());
            await room.RestartAsync();
            await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken);

            Assert.Equal(ShareState.Unshared, (await room.SettleAsync(id)).State);
            Assert.Equal(before, room.Camera.Keystore.Snapshot());
        }
    }

    [Fact]
    public async Task A_process_that_dies_while_it_takes_back_goes_on_taking_back()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        room.Completions.Answer = _ => CompletionCalls.Of(400, null);

        // GetServices, then the uplinks before and after, and six deletions.
        for (var call = 1; call <= 9; call++)
        {
            var id = await room.ShareAsync();
            Assert.Equal(ShareState.Unreachable, (await room.SettleAsync(id)).State);
            await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken);
            room.Camera.DiesAtCall = room.Camera.Calls + call;
            await Assert.ThrowsAsync<ProcessDeath>(() => room.RunAsync());
            await room.RestartAsync();

            Assert.Equal(ShareState.Unshared, (await room.SettleAsync(id)).State);
            Assert.Equal(before, room.Camera.Keystore.Snapshot());
        }
    }

    [Fact]
    public async Task An_owner_who_takes_back_in_the_middle_of_the_work_ends_it()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        var id = await room.ShareAsync();
        room.Camera.AskingAsync = operation => operation == "CreateAuthorizationServerConfiguration"
            ? room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken)
            : Task.CompletedTask;

        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(id)).State);
        Assert.DoesNotContain("SetUplink", room.Camera.Asked);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task A_camera_that_is_away_while_it_is_taken_back_is_waited_for()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        var id = await room.ShareAsync();
        await room.SettleAsync(id, ShareState.Connecting);
        room.Camera.IsOnline = false;
        await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken);
        room.Time.Advance(TimeSpan.FromDays(100));
        Assert.Equal(0, await room.RunAsync());
        Assert.Equal(ShareState.Unsharing, (await room.FindAsync(id)).State);

        room.Camera.Losing.Add("DeleteKey");
        room.Camera.Arrive();
        await room.RunAsync();
        room.Camera.Arrive();
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(id)).State);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task A_camera_that_makes_corrupt_keys_gets_one_more_chance()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        room.Camera.Keystore.KeyStatus = "corrupt";
        var share = await room.SettleAsync(await room.ShareAsync());

        Assert.Equal(2, room.Camera.Asked.Count(one => one == "CreateECCKeyPair"));
        Assert.Equal((ShareState.Failed, "The camera makes only keys that are corrupt."), (share.State, share.Reason));
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task A_corrupt_key_whose_deletion_is_not_answered_is_replaced()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.Keystore.KeyStatus = "corrupt";
        room.Camera.Losing.Add("DeleteKey");
        var id = await room.ShareAsync();
        await room.RunAsync();
        Assert.Equal("DeleteKey", room.Camera.Asked[^1]);
        room.Camera.Keystore.KeyStatus = "ok";
        room.Camera.Arrive();

        Assert.Equal(ShareState.Connecting, (await room.SettleAsync(id, ShareState.Connecting)).State);
        Assert.Equal(2, room.Camera.Asked.Count(one => one == "CreateECCKeyPair"));
    }

    [Theory, InlineData(1), InlineData(9)]
    public async Task A_camera_that_loses_a_key_makes_another_one_and_no_third(int times)
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        room.Camera.Asking = operation =>
        {
            if (operation != "CreatePKCS10CSR" || times-- <= 0) return;
            var made = room.Camera.Keystore.Keys.Single(key => key.Value.Pair is not null && key.Value.Alias.StartsWith("ocfcloud", StringComparison.Ordinal)).Key;
            room.Camera.Keystore.Keys.Remove(made);
        };
        var isLost = times > 1;
        var share = await room.SettleAsync(await room.ShareAsync(), ShareState.Connecting);

        Assert.Equal(2, room.Camera.Asked.Count(one => one == "CreateECCKeyPair"));
        Assert.Equal(isLost ? (ShareState.Failed, "The camera keeps none of the keys that it makes.") : (ShareState.Connecting, null), (share.State, share.Reason));
        if (isLost) Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task What_stays_on_the_camera_for_something_else_refers_to_it_is_said_to_the_owner()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var id = await room.ShareAsync();
        await room.SettleAsync(id, ShareState.Connecting);
        room.Camera.Faults["DeleteAuthorizationServerConfiguration"] = room.Camera.Faults["DeleteKey"] = "InvalidArgVal/ReferenceExists";
        await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken);

        var share = await room.SettleAsync(id);
        Assert.Equal((ShareState.Unshared, "Something else on the camera uses what was made there, so that it stays: AuthorizationServerConfiguration, Key, CertPathValidationPolicy, Certificate."), (share.State, share.Reason));
    }

    [Fact]
    public async Task A_key_that_never_is_there_ends_the_share_after_the_time_for_keys()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql, options => options.KeyGenerationTimeout = TimeSpan.FromSeconds(10));
        var before = room.Camera.Keystore.Snapshot();
        room.Camera.Keystore.KeyStatus = "generating";
        var begun = room.Time.GetUtcNow();
        var share = await room.SettleAsync(await room.ShareAsync());

        Assert.Equal((ShareState.Failed, "The camera did not make a key in time."), (share.State, share.Reason));
        Assert.Equal(TimeSpan.FromSeconds(10), room.Time.GetUtcNow() - begun);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task A_camera_that_refuses_us_keeps_what_could_not_be_taken_back_and_the_owner_is_told()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql, options => options.ShareTimeout = TimeSpan.FromHours(2));
        room.Camera.Faults["SetUplink"] = room.Camera.Faults["DeleteAuthorizationServerConfiguration"] = "NotAuthorized";
        var share = await room.SettleAsync(await room.ShareAsync());

        Assert.Equal(ShareState.Failed, share.State);
        Assert.Contains("no Administrator", share.Reason, StringComparison.Ordinal);
        Assert.Contains("could not be taken back", share.Reason, StringComparison.Ordinal);
    }

    [Theory, InlineData("DeleteUplink"), InlineData("DeleteAuthorizationServerConfiguration"), InlineData("DeleteKey"), InlineData("DeleteCertificate")]
    public async Task Nothing_is_taken_back_that_the_camera_refuses_to_delete_and_it_is_tried_until_it_does(string deletion)
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        var id = await room.ShareAsync();
        await room.SettleAsync(id, ShareState.Connecting);
        room.Camera.Faults[deletion] = "!Action/Busy";
        await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken);
        await room.RunAsync();
        var share = await room.FindAsync(id);
        Assert.Equal(ShareState.Unsharing, share.State);
        Assert.Contains(deletion, share.Reason, StringComparison.Ordinal);
        Assert.NotEmpty(await room.ObjectsAsync(id));

        room.Camera.Faults.Clear();
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(id)).State);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task An_access_is_not_taken_back_as_long_as_the_camera_shows_the_uplink()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        var id = await room.ShareAsync();
        await room.SettleAsync(id, ShareState.Connecting);
        room.Camera.Keystore.KeepsUplinks = true;
        await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken);
        await room.RunAsync();
        var share = await room.FindAsync(id);
        Assert.Equal((ShareState.Unsharing, "The camera still has the other cloud's uplink."), (share.State, share.Reason));

        room.Camera.Keystore.KeepsUplinks = false;
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(id)).State);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task An_uplink_is_known_and_deleted_in_the_spelling_that_the_camera_gives_it()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        var id = await room.ShareAsync();
        await room.SettleAsync(id, ShareState.Connecting);
        room.Camera.Keystore.Uplinks.Remove(ShareRoom.Wss, out var uplink);
        room.Camera.Keystore.Uplinks["wss://OCS.example:443/onvif/uplink/"] = uplink!;
        room.Camera.Keystore.Status = "Connected";
        Assert.Equal(ShareState.Connected, (await room.SettleAsync(id)).State);

        await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken);
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(id)).State);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task A_camera_whose_services_are_not_up_yet_is_waited_for_in_the_work_and_in_its_taking_back()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        (room.Camera.Statuses["GetUplinks"], room.Camera.Statuses["DeleteKey"]) = (503, 503);
        room.Camera.Faults["SetUplink"] = "InvalidArgVal/InvalidConfig";
        var id = await room.ShareAsync();
        await room.RunAsync();
        Assert.Equal((ShareState.Waiting, null), await room.FindAsync(id) is var silent ? (silent.State, silent.Reason) : default);

        room.Camera.Statuses.Remove("GetUplinks");
        room.Time.Advance(TimeSpan.FromMinutes(1));
        await room.RunAsync();
        Assert.Equal(ShareState.RollingBack, (await room.FindAsync(id)).State);

        room.Camera.Statuses.Clear();
        Assert.Equal(ShareState.Failed, (await room.SettleAsync(id)).State);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task An_owner_who_takes_back_what_is_being_rolled_back_is_not_forgotten()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql, options => options.ShareTimeout = TimeSpan.FromHours(1));
        var before = room.Camera.Keystore.Snapshot();
        room.Camera.Faults["SetUplink"] = room.Camera.Faults["DeleteKey"] = "!Action/ActionNotSupported";
        var id = await room.ShareAsync();
        await room.RunAsync();
        Assert.Equal(ShareState.RollingBack, (await room.FindAsync(id)).State);

        Assert.Equal(ShareChange.Done, await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken));
        room.Time.Advance(TimeSpan.FromDays(1));
        await room.RunAsync();
        Assert.Equal(ShareState.Unsharing, (await room.FindAsync(id)).State);
        room.Camera.Faults.Clear();
        Assert.Equal(ShareState.Unshared, (await room.SettleAsync(id)).State);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task A_key_that_was_there_stays_though_an_uploaded_anchor_is_linked_to_it()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.Keystore.Keys["key_spare"] = new FakeKeystore.Key("spare", null);
        room.Camera.Keystore.LinkedKey = "key_spare";
        var before = room.Camera.Keystore.Snapshot();
        var id = await room.ShareAsync();
        await room.SettleAsync(id, ShareState.Connecting);
        await room.Shares.UnshareAsync(room.User, room.Camera.Id, id, TestContext.Current.CancellationToken);
        await room.SettleAsync(id);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task Anchors_that_the_camera_cannot_use_are_left_out_but_not_all_of_them()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        room.Camera.Faults["UploadCertificate"] = "InvalidArgVal/UnsupportedPublicKeyAlgorithm";
        Assert.Equal(ShareState.Failed, (await room.SettleAsync(await room.ShareAsync())).State);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());

        var some = ShareRoom.Asked() with { CertPathValidationPolicies = [new CertPathValidationPolicy("ocs-public", [ShareRoom.RootB, Convert.FromBase64String(FakeKeystore.Root)])] };
        var id = await room.ShareAsync(some);
        Assert.Equal(ShareState.Connecting, (await room.SettleAsync(id, ShareState.Connecting)).State);
        Assert.Equal("cert_pcs", room.Camera.Keystore.Policies[room.Camera.Keystore.Uplinks[ShareRoom.Wss].Policy].Anchors);
    }
}
