using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tests.Resources;
using static OcfCloud.DeviceGateway.Tests.Directory.DirectoryRoom;

namespace OcfCloud.DeviceGateway.Tests.Discovery;

/// <summary>device-to-cloud.md, 7: observed, with the store and its dispatcher at work.</summary>
public sealed class ObservedDiscoveryTests
{
    private static readonly CoapToken Token = CoapToken.FromUInt64(0x0102030405060708);

    private readonly UserId _user = UserId.New();

    [Fact]
    public async Task Publishing_taking_back_and_deregistering_are_told()
    {
        await using var room = await GatewayRoom.OpenAsync(dispatches: true);
        var (observer, _) = await room.SignInAsync(_user, DeviceId.New());
        var (lamp, _) = await room.SignInAsync(_user, DeviceId.New());
        Assert.Equal(2u, (await AskAsync(room, observer, "", observe: 0)).Observe);

        await PublishAsync(room, lamp, "/a");
        Assert.Equal([Href(lamp, "/a")], await NextAsync(room, observer));
        await PublishAsync(room, lamp, "/b");
        Assert.Equal([Href(lamp, "/a"), Href(lamp, "/b")], await NextAsync(room, observer));
        await room.DeleteAsync(lamp, $"/oic/rd?di={lamp.Session!.Device}&ins=1");
        Assert.Equal([Href(lamp, "/b")], await NextAsync(room, observer));
        await room.DeleteAsync(lamp, "/oic/sec/account");
        Assert.Empty(await NextAsync(room, observer));
    }

    [Fact]
    public async Task Only_a_change_of_the_answer_to_that_query_is_told()
    {
        await using var room = await GatewayRoom.OpenAsync(dispatches: true);
        var (observer, _) = await room.SignInAsync(_user, DeviceId.New());
        var (lamp, _) = await room.SignInAsync(_user, DeviceId.New());
        var (stranger, _) = await room.SignInAsync(UserId.New(), DeviceId.New());
        await AskAsync(room, observer, "?rt=x.wanted", observe: 0);

        await PublishAsync(room, lamp, "/a", "x.other");
        await PublishAsync(room, stranger, "/s", "x.wanted");
        await PublishAsync(room, lamp, "/b", "x.wanted");
        await PublishAsync(room, lamp, "/b", "x.wanted");

        Assert.Equal([Href(lamp, "/b")], await NextAsync(room, observer));
        await PublishAsync(room, lamp, "/c", "x.wanted");
        var last = await WaitAsync(room, observer);
        Assert.Equal(4u, last.Observe);
    }

    [Fact]
    public async Task A_link_that_reaches_its_ttl_is_told()
    {
        await using var room = await GatewayRoom.OpenAsync(dispatches: true);
        var (observer, _) = await room.SignInAsync(_user, DeviceId.New());
        await PublishAsync(room, observer, "/a", ttl: 3);
        await AskAsync(room, observer, "", observe: 0);
        Assert.Empty(await NextAsync(room, observer));
    }

    [Fact]
    public async Task A_cancelled_observation_is_over()
    {
        await using var room = await GatewayRoom.OpenAsync(dispatches: true);
        var (observer, _) = await room.SignInAsync(_user, DeviceId.New());
        await AskAsync(room, observer, "", observe: 0);
        Assert.Equal([Token], observer.Observations);

        var answer = await AskAsync(room, observer, "", observe: 1);

        Assert.Equal(CoapCode.Content, answer.Code);
        Assert.Null(answer.Observe);
        Assert.Empty(observer.Observations);
    }

    [Fact]
    public async Task A_second_registration_with_the_same_token_takes_the_place_of_the_first()
    {
        await using var room = await GatewayRoom.OpenAsync(dispatches: true);
        var (observer, _) = await room.SignInAsync(_user, DeviceId.New());
        await AskAsync(room, observer, "", observe: 0);
        await AskAsync(room, observer, "?rt=x.wanted", observe: 0);
        Assert.Single(observer.Observations);

        await PublishAsync(room, observer, "/a", "x.other");
        await PublishAsync(room, observer, "/b", "x.wanted");

        Assert.Equal([Href(observer, "/b")], await NextAsync(room, observer));
    }

    [Fact]
    public async Task Another_value_of_Observe_registers_nothing()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (observer, _) = await room.SignInAsync(_user, DeviceId.New());
        Assert.Null((await AskAsync(room, observer, "", observe: 2)).Observe);
        Assert.Empty(observer.Observations);
    }

    [Fact]
    public async Task A_registration_that_is_refused_registers_nothing()
    {
        await using var room = await GatewayRoom.OpenAsync();
        var (observer, _) = await room.SignInAsync(_user, DeviceId.New());
        Assert.Equal(CoapCode.BadRequest, (await AskAsync(room, observer, "?if=oic.if.b", observe: 0)).Code);
        Assert.Empty(observer.Observations);
    }

    private static string Href(TestCaller device, string href) => $"/{device.Session!.Device}{href}";

    private static async Task<CoapMessage> AskAsync(GatewayRoom room, TestCaller caller, string query, uint observe)
    {
        var request = CoapMessage.Request(CoapCode.Get, "/oic/res" + query).WithOption(CoapOptionNumber.Observe, observe);
        request.Token = Token;
        return (await room.AskAsync(caller, request)).Message;
    }

    private static async Task PublishAsync(GatewayRoom room, TestCaller caller, string href, string rt = "oic.r.light", int ttl = 0)
    {
        var body = new Fields { ["di"] = caller.Session!.Device.ToString(), ["links"] = new[] { Link(href, rt) }, ["ttl"] = ttl };
        Assert.Equal(CoapCode.Changed, (await room.PostAsync(caller, PublishPath, body)).Message.Code);
    }

    private static async Task<string[]> NextAsync(GatewayRoom room, TestCaller observer)
    {
        var notification = await WaitAsync(room, observer);
        Assert.Equal(CoapCode.Content, notification.Code);
        Assert.Equal(Token, notification.Token);
        return [.. Cbor.DecodeList(notification.Payload).Cast<OrderedDictionary<string, object?>>().Select(link => (string)link["href"]!)];
    }

    // The rest between two notifications passes as long as somebody waits.
    private static async Task<CoapMessage> WaitAsync(GatewayRoom room, TestCaller observer)
    {
        var next = observer.NotificationAsync();
        while (!next.IsCompleted)
        {
            room.Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(next, Task.Delay(1, TestContext.Current.CancellationToken));
        }
        return await next;
    }
}
