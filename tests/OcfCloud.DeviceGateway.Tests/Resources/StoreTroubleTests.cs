using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.DeviceGateway.Tests.Directory;

namespace OcfCloud.DeviceGateway.Tests.Resources;

/// <summary>Field: a 4.xx stops a device for good or makes it forget the cloud, so trouble of ours never is one (device-to-cloud.md, 3 and 5).</summary>
public sealed class StoreTroubleTests
{
    private readonly UserId _user = UserId.New();
    private readonly DeviceId _device = DeviceId.New();

    [Fact]
    public async Task A_store_that_does_not_answer_is_no_refusal()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var oneTime = await room.OneTimeTokenAsync(_user);
        var (caller, tokens) = await room.SignInAsync(_user, _device);
        var signUp = new Fields { ["di"] = _device.ToString(), ["accesstoken"] = oneTime };
        var session = new Fields { ["di"] = _device.ToString(), ["uid"] = _user.ToString(), ["accesstoken"] = tokens.AccessToken, ["login"] = true };
        var refresh = new Fields { ["di"] = _device.ToString(), ["uid"] = _user.ToString(), ["refreshtoken"] = tokens.RefreshToken };
        var publish = new Fields { ["di"] = _device.ToString(), ["links"] = new[] { DirectoryRoom.Link("/a") }, ["ttl"] = 0 };
        room.BreakStore();

        await FailsAsync(room.PostAsync(new TestCaller(), "/oic/sec/account", signUp));
        await FailsAsync(room.PostAsync(new TestCaller(), "/oic/sec/session", session));
        await FailsAsync(room.PostAsync(caller, "/oic/sec/session", session.With("login", false)));
        await FailsAsync(room.PostAsync(caller, "/oic/sec/tokenrefresh", refresh));
        await FailsAsync(room.PostAsync(caller, "/oic/rd", publish));
        await FailsAsync(room.DeleteAsync(caller, $"/oic/rd?di={_device}"));
        await FailsAsync(room.GetAsync(caller, "/oic/res"));
        await FailsAsync(room.AskAsync(caller, CoapMessage.Request(CoapCode.Get, "/oic/res").WithOption(CoapOptionNumber.Observe, 0)));
        await FailsAsync(room.DeleteAsync(caller, "/oic/sec/account"));
        await FailsAsync(room.DeleteAsync(new TestCaller(), $"/oic/sec/account?di={_device}&accesstoken={tokens.AccessToken}"));

        // Nothing ended by it.
        Assert.NotNull(caller.Session);
        Assert.Equal(0, caller.SignOuts);
        Assert.Empty(caller.Observations);
        Assert.Equal(CoapCode.Content, (await room.GetAsync(caller, "/oic/rd")).Message.Code);
    }

    private static async Task FailsAsync<T>(Task<T> asked) => await Assert.ThrowsAsync<StoreUnavailableException>(() => asked);
}
