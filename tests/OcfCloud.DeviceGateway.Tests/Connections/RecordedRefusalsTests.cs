using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Refusals;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.DeviceGateway.Tests.Directory;
using OcfCloud.DeviceGateway.Tests.Resources;

namespace OcfCloud.DeviceGateway.Tests.Connections;

/// <summary>What is left of a refusal for the device's owner and maker.</summary>
public sealed class RecordedRefusalsTests
{
    private const string Account = "/oic/sec/account";
    private const string Session = "/oic/sec/session";

    private readonly UserId _user = UserId.New();
    private readonly DeviceId _device = DeviceId.New();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_request_leaves_what_it_was_its_code_and_its_reason()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var bare = new TestCaller();
        var certified = new TestCaller { Certified = _device };
        var other = DeviceId.New();

        Assert.Equal("sign-up 4.01 token-unknown", await RefusedAsync(room, bare, Account, new() { ["di"] = $"{_device}", ["accesstoken"] = "nobody's" }));
        Assert.Equal("sign-up 4.01 auth-provider-unknown", await RefusedAsync(room, bare, Account, new() { ["di"] = $"{_device}", ["accesstoken"] = "x", ["authprovider"] = "x" }));
        Assert.Equal("sign-up 4.01 not-this-device", await RefusedAsync(room, certified, Account, new() { ["di"] = $"{other}", ["accesstoken"] = "x" }));
        Assert.Equal("sign-up 4.00 bad-request", await RefusedAsync(room, certified, Account, new() { ["di"] = $"{_device}" }));
        Assert.Equal("sign-in 4.01 token-unknown", await RefusedAsync(room, bare, Session, SessionBody(login: true)));
        Assert.Equal("sign-out 4.01 not-signed-in", await RefusedAsync(room, bare, Session, SessionBody(login: false)));
        Assert.Equal(
            "refresh 4.01 token-unknown", await RefusedAsync(room, bare, "/oic/sec/tokenrefresh", new() { ["di"] = $"{_device}", ["uid"] = $"{_user}", ["refreshtoken"] = "x" }));

        // Nobody knows who asks, or nothing was refused.
        Assert.Null(await RefusedAsync(room, bare, Account, new() { ["di"] = "no id", ["accesstoken"] = "x" }));
        Assert.Null(await RefusedAsync(room, bare, Account, new() { ["di"] = $"{_device}", ["accesstoken"] = await room.OneTimeTokenAsync(_user) }));

        Fields SessionBody(bool login) => new() { ["di"] = $"{_device}", ["uid"] = $"{_user}", ["accesstoken"] = "x", ["login"] = login };
    }

    [Fact]
    public async Task The_sentence_for_people_says_more_than_the_device_is_told()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var token = await room.OneTimeTokenAsync(_user, DeviceId.New());

        var answer = await room.PostAsync(new TestCaller(), Account, new Fields { ["di"] = $"{_device}", ["accesstoken"] = token });

        Assert.Equal(RefusalReason.TokenOfAnotherDevice, answer.Refusal!.Reason);
        Assert.DoesNotContain("another one", answer.Message.Diagnostic, StringComparison.Ordinal);
        Assert.Equal("The token that registers a device was issued for another one.", (await RecordedAsync(room, null, Account, CoapCode.Post, answer))!.Text);
    }

    [Fact]
    public async Task Too_many_links_are_named()
    {
        await using var publishing = await DirectoryRoom.OpenAsync();

        var answer = await publishing.PublishAsync([.. Enumerable.Range(0, 21).Select(i => DirectoryRoom.Link($"/{i}"))]);

        Assert.Equal((CoapCode.BadRequest, RefusalReason.TooManyLinks), (answer.Message.Code, answer.Refusal!.Reason));
        Assert.Equal(RefusedStep.Publish, publishing.Room.Find(CoapMessage.Request(CoapCode.Post, "/oic/rd"))!.StepOf(CoapCode.Post));
    }

    [Fact]
    public async Task Whoever_publishes_before_signing_in_is_told_apart()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (refusals, resource) = (room.Get<DeviceRefusals>(), room.Find(CoapMessage.Request(CoapCode.Post, "/oic/rd"))!);

        new RecordedRefusals(refusals).RecordNotSignedIn(_device, resource, CoapCode.Post);
        new RecordedRefusals(refusals).RecordNotSignedIn(null, resource, CoapCode.Post);
        await refusals.FlushAsync(Cancelled);

        var recorded = Assert.Single(await refusals.ListUnregisteredAsync(10, 0, Cancelled));
        Assert.Equal((_device, "publish", "4.01", "not-signed-in"), (recorded.DeviceId, recorded.LastRefusal.What, recorded.LastRefusal.Code, recorded.LastRefusal.Reason));
    }

    private static async Task<string?> RefusedAsync(GatewayRoom room, TestCaller caller, string path, Fields body)
    {
        room.Time.Advance(TimeSpan.FromSeconds(1));
        return await RecordedAsync(room, caller.Certified, path, CoapCode.Post, await room.PostAsync(caller, path, body)) is { } refusal
            ? $"{refusal.What} {refusal.Code} {refusal.Reason}"
            : null;
    }

    private static async Task<DeviceRefusal?> RecordedAsync(GatewayRoom room, DeviceId? known, string path, CoapCode method, ResourceAnswer answer)
    {
        var refusals = room.Get<DeviceRefusals>();
        var at = room.Time.GetUtcNow();
        new RecordedRefusals(refusals).Record(known, room.Find(CoapMessage.Request(method, path))!, method, answer);
        await refusals.FlushAsync(Cancelled);
        return (await refusals.ListUnregisteredAsync(10, 0, Cancelled)).Select(one => one.LastRefusal).FirstOrDefault(refusal => refusal.At == at);
    }
}
