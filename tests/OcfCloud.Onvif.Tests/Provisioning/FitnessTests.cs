using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Tests.Provisioning.Support;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Provisioning;

/// <summary>Cameras that cannot, and requests that must not: refused before the answer, and again before the camera is touched.</summary>
public sealed class FitnessTests(PostgreSqlFixture postgreSql)
{
    private static readonly Dictionary<string, (Action<FakeKeystore> Change, string Reason)> Unfit = new(StringComparer.Ordinal)
    {
        ["no uplink"] = (keystore => keystore.Most = (16, 16, 8, 4, 1), "no uplink left"),
        ["no server"] = (keystore => keystore.Most = (16, 16, 8, 1, 4), "no authorization server left"),
        ["no servers at all"] = (keystore => keystore.Most = (16, 16, 8, 0, 4), "no authorization servers"),
        ["no policy"] = (keystore => keystore.Most = (16, 16, 1, 4, 4), "no room for the certification path validation policies"),
        ["no certificate"] = (keystore => keystore.Most = (16, 1, 8, 4, 4), "no room for the trust anchors"),
        ["no key"] = (keystore => keystore.Most = (3, 16, 8, 4, 4), "no room for another key"),
        ["no private_key_jwt"] = (keystore => keystore.ClientAuth = "client_secret_basic", "private_key_jwt"),
        ["no access tokens"] = (keystore => keystore.Modes = "mTLS", "access tokens"),
        ["short keys only"] = (keystore => (keystore.KeyPairs, keystore.RsaLengths) = ("RSA", "1024 2048"), "no key that is good enough"),
        ["no wss"] = (keystore => keystore.Protocols = "https", "protocols"),
        ["no administrator"] = (keystore => keystore.Uplinks[ShareRoom.OwnWss] = keystore.Uplinks[ShareRoom.OwnWss] with { Level = "Operator" }, "no Administrator"),
    };

    public static TheoryData<string> Kinds => [.. Unfit.Keys];

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_camera_that_cannot_is_refused_at_the_door_and_not_touched_by_the_work(string kind)
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        Unfit[kind].Change(room.Camera.Keystore);
        var before = room.Camera.Keystore.Snapshot();

        var check = await CheckAsync(room, ShareRoom.Asked());
        Assert.Contains(Unfit[kind].Reason, check.Refusal, StringComparison.Ordinal);
        Assert.False(check.IsOtherCamera);

        var share = await room.SettleAsync(await room.ShareAsync());
        Assert.Equal((ShareState.Failed, check.Refusal), (share.State, share.Reason));
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task A_camera_that_is_another_one_is_told_from_one_that_cannot()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        Assert.Equal(CameraCheck.Fits, await CheckAsync(room, ShareRoom.Asked()));
        room.Camera.Keystore.SerialNumber = "another";

        Assert.True((await CheckAsync(room, ShareRoom.Asked())).IsOtherCamera);
    }

    [Theory, InlineData("onvif:sn"), InlineData("onvif:model"), InlineData("onvif:manufacturer")]
    public async Task A_camera_that_became_another_one_is_not_what_was_shared_though_it_is_known_by_its_new_name(string claim)
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        var claims = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes($"{{\"{claim}\":\"another\"}}"));
        var token = $"eyJhbGciOiJFUzI1NiJ9.{claims}.sig";

        Assert.True((await CheckAsync(room, ShareRoom.Asked() with { ShareToken = token })).IsOtherCamera);
        var share = await room.SettleAsync(await room.ShareAsync(echoed: token));
        Assert.Equal((ShareState.Failed, "The camera says that it is another one than is known here."), (share.State, share.Reason));
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task What_is_kept_cut_makes_no_other_camera()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        room.Camera.Keystore.SerialNumber = new string('9', Camera.MaxTextLength + 1);
        await room.Get<Store>().WriteAsync(async (context, token) => (await context.Set<Camera>().SingleAsync(token)).SerialNumber = new string('9', Camera.MaxTextLength), Ending);

        Assert.Equal(CameraCheck.Fits, await CheckAsync(room, ShareRoom.Asked()));
    }

    [Fact]
    public async Task A_camera_that_is_offline_or_silent_fits()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql, options => options.PreCheckTimeout = TimeSpan.FromMilliseconds(200));
        room.Camera.Silent.Add("GetUplinks");
        Assert.Equal(CameraCheck.Fits, await CheckAsync(room, ShareRoom.Asked()));
        room.Camera.IsOnline = false;
        Assert.Equal(CameraCheck.Fits, await CheckAsync(room, ShareRoom.Asked()));
    }

    public static TheoryData<string> OwnAddresses => ["wss://pcs.example:8444/onvif/uplink", "https://pcs.example:8444/onvif/uplink", "WSS://PCS.example:8444/onvif/uplink/"];

    [Theory, MemberData(nameof(OwnAddresses))]
    public async Task Our_own_uplink_is_never_overwritten(string address)
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var before = room.Camera.Keystore.Snapshot();
        var asked = ShareRoom.Asked() with { UplinkConfigurations = [new UplinkConfiguration(address, UserLevel.User, "ocs-public")] };

        Assert.NotNull((await CheckAsync(room, asked)).Refusal);
        Assert.Equal(ShareState.Failed, (await room.SettleAsync(await room.ShareAsync(asked))).State);
        Assert.Equal(before, room.Camera.Keystore.Snapshot());
    }

    [Fact]
    public async Task Another_clouds_uplink_is_not_overwritten_but_that_of_an_earlier_share_with_the_same_cloud_is()
    {
        await using var room = await ShareRoom.OpenAsync(StoreProvider.Sqlite, postgreSql);
        var first = await room.ShareAsync();
        await room.SettleAsync(first, ShareState.Connecting);
        var shared = room.Camera.Keystore.Snapshot();
        var thief = ShareRoom.Asked() with
        {
            UplinkConfigurations = [new UplinkConfiguration("wss://OCS.example:443/onvif/uplink/", UserLevel.User, "ocs-public")],
            AuthorizationServerConfigurations = [new AuthorizationServerConfiguration("https://thief.example/as", "cam", null, "ocs-public")],
        };

        Assert.Contains("another cloud's", (await CheckAsync(room, thief)).Refusal, StringComparison.Ordinal);
        Assert.Equal(ShareState.Failed, (await room.SettleAsync(await room.ShareAsync(thief))).State);
        Assert.Equal(shared, room.Camera.Keystore.Snapshot());

        Assert.Null((await CheckAsync(room, ShareRoom.Asked())).Refusal);
    }

    private static Task<CameraCheck> CheckAsync(ShareRoom room, DeviceConfiguration asked) => CheckStoredAsync(room, asked);

    private static async Task<CameraCheck> CheckStoredAsync(ShareRoom room, DeviceConfiguration asked) => await room.Get<ICameraChecks>().CheckAsync(await room.CameraAsync(), asked, Ending);
}
