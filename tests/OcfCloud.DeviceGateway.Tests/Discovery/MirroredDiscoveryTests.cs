using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;
using OcfCloud.DeviceGateway.Tests.Resources;
using static OcfCloud.DeviceGateway.Tests.Directory.DirectoryRoom;

namespace OcfCloud.DeviceGateway.Tests.Discovery;

/// <summary>device-to-cloud.md, 7, and cloud-to-cloud.md, 2: devices of other clouds stand beside the user's own.</summary>
public sealed class MirroredDiscoveryTests
{
    private static readonly Guid OneCloud = Guid.Parse("11111111-0000-4000-8000-000000000000"), OtherCloud = Guid.Parse("22222222-0000-4000-8000-000000000000");

    private readonly UserId _user = UserId.New();
    private readonly DeviceId _own = DeviceId.New(), _mirrored = DeviceId.New();

    [Fact]
    public async Task Links_of_mirrored_devices_come_with_the_user_s_own_and_lead_through_this_cloud()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (asker, _) = await room.SignInAsync(_user, _own);
        await PublishAsync(room, asker, "/light");
        await MirrorAsync(room, OneCloud, _mirrored, "/lamp");
        await MirrorAsync(room, OneCloud, DeviceId.New(), "/strange", UserId.New());

        var links = await LinksAsync(room, asker, "");

        Assert.Equal([$"/{_own}/light", $"/{_mirrored}/lamp"], links.Select(link => (string)link["href"]!));
        Assert.Equal(["anchor", "href", "rt", "if", "p", "eps"], links[1].Keys);
        Assert.Equal($"ocf://{_mirrored}", links[1]["anchor"]);
        var ep = (OrderedDictionary<string, object?>)Assert.Single((List<object?>)links[1]["eps"]!)!;
        Assert.Equal("coaps+tcp://192.0.2.1:5684", ep["ep"]);
    }

    [Fact]
    public async Task The_filters_hold_for_them_too()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (asker, _) = await room.SignInAsync(_user, _own);
        await PublishAsync(room, asker, "/light");
        await MirrorAsync(room, OneCloud, _mirrored, "/lamp");

        Assert.Equal([$"/{_mirrored}/lamp"], await HrefsAsync(room, asker, "?rt=x.mirrored"));
        Assert.Equal([$"/{_mirrored}/lamp"], await HrefsAsync(room, asker, $"?di={_mirrored}"));
        Assert.Equal([$"/{_own}/light"], await HrefsAsync(room, asker, $"?di={_own}"));
        Assert.Equal([$"/{_mirrored}/lamp"], await HrefsAsync(room, asker, "?if=oic.if.sensor"));
        Assert.Empty(await HrefsAsync(room, asker, $"?di={_own}&rt=x.mirrored"));
    }

    [Fact]
    public async Task The_user_s_own_device_wins_and_of_two_clouds_the_first()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (asker, _) = await room.SignInAsync(_user, _own);
        await PublishAsync(room, asker, "/light");
        await MirrorAsync(room, OneCloud, _own, "/elsewhere");
        await MirrorAsync(room, OtherCloud, _mirrored, "/second");
        await MirrorAsync(room, OneCloud, _mirrored, "/first");

        Assert.Equal([$"/{_own}/light", $"/{_mirrored}/first"], await HrefsAsync(room, asker, ""));
    }

    [Fact]
    public async Task Observers_hear_of_mirrored_devices_that_come_change_and_go()
    {
        await using var room = await GatewayRoom.OpenAsync(dispatches: true);
        var (observer, _) = await room.SignInAsync(_user, _own);
        var request = CoapMessage.Request(CoapCode.Get, $"/oic/res?di={_mirrored}").WithOption(CoapOptionNumber.Observe, 0);
        Assert.Equal(2u, (await room.AskAsync(observer, request)).Message.Observe);

        await MirrorAsync(room, OneCloud, _mirrored, "/lamp");
        Assert.Equal([$"/{_mirrored}/lamp"], await NextAsync(room, observer));
        await MirrorAsync(room, OneCloud, _mirrored, "/other");
        Assert.Equal([$"/{_mirrored}/other"], await NextAsync(room, observer));
        // Of this only the user is told.
        await room.Get<Store>().WriteAsync((context, token) => room.Get<MirrorStore>().RemoveAllAsync(context, _user, OneCloud, token), TestContext.Current.CancellationToken);
        Assert.Empty(await NextAsync(room, observer));
    }

    private Task MirrorAsync(GatewayRoom room, Guid cloud, DeviceId device, string path, UserId? user = null)
    {
        Assert.True(ResourceHref.TryParse(path, out var href));
        Assert.True(ResourceLink.TryCreate(href, ["x.mirrored"], ["oic.if.sensor"], 3, [], out var link));
        var content = new MirroredContent(device, "lamp", ["oic.d.light"], true, [link]);
        return room.Get<Store>().WriteAsync(
            (context, token) => room.Get<MirrorStore>().PutAsync(context, user ?? _user, cloud, [content], token), TestContext.Current.CancellationToken);
    }

    private static async Task PublishAsync(GatewayRoom room, TestCaller caller, string href)
    {
        var body = new Fields { ["di"] = caller.Session!.Device.ToString(), ["links"] = new[] { Link(href) }, ["ttl"] = 0 };
        Assert.Equal(CoapCode.Changed, (await room.PostAsync(caller, PublishPath, body)).Message.Code);
    }

    private static async Task<string[]> HrefsAsync(GatewayRoom room, TestCaller asker, string query) =>
        [.. (await LinksAsync(room, asker, query)).Select(link => (string)link["href"]!)];

    private static async Task<List<OrderedDictionary<string, object?>>> LinksAsync(GatewayRoom room, TestCaller asker, string query)
    {
        var answer = (await room.GetAsync(asker, "/oic/res" + query)).Message;
        Assert.Equal(CoapCode.Content, answer.Code);
        return [.. Cbor.DecodeList(answer.Payload).Cast<OrderedDictionary<string, object?>>()];
    }

    // The rest between two notifications passes as long as somebody waits.
    private static async Task<string[]> NextAsync(GatewayRoom room, TestCaller observer)
    {
        var next = observer.NotificationAsync();
        while (!next.IsCompleted)
        {
            room.Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(next, Task.Delay(1, TestContext.Current.CancellationToken));
        }

        return [.. Cbor.DecodeList((await next).Payload).Cast<OrderedDictionary<string, object?>>().Select(link => (string)link["href"]!)];
    }
}
