using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Requests;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Routing;

/// <summary>cloud-to-cloud.md, 2: requests to devices that are mirrored from another cloud.</summary>
public sealed class MirroredRoutingTests
{
    private readonly OtherCloud _cloud = new();

    [Fact]
    public async Task A_GET_goes_to_the_device_s_cloud_with_its_query_and_format_and_the_answer_comes_back()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        _cloud.Answers = _ => Task.FromResult(new DeviceAnswer(DeviceOutcome.Answered)
        {
            Code = 205,
            ContentFormat = 50,
            Payload = "{}"u8.ToArray(),
            ETag = new byte[] { 1, 2 },
            MaxAge = TimeSpan.FromSeconds(30),
        });

        var answer = await AskAsync(client, Get(device, "/light/a b?if=oic.if.baseline&x=ü").WithOption(CoapOptionNumber.Accept, 50));

        Assert.Equal((CoapCode.Content, 7ul, 50), (answer.Code, answer.Token.Value, answer.ContentFormat));
        Assert.Equal("{}"u8.ToArray(), answer.Payload.ToArray());
        Assert.Equal(30u, answer.MaxAge);
        Assert.Equal<byte>([1, 2], answer.Options.All(CoapOptionNumber.ETag).Single().ToArray());
        var asked = Assert.Single(_cloud.Requests);
        Assert.Equal((DeviceMethod.Get, "/light/a b", 50), (asked.Method, asked.Href, asked.Accept));
        Assert.Equal(["if=oic.if.baseline", "x=ü"], asked.Query);
        Assert.Equal((room.User, OtherCloud.Id, device, true), (asked.Device.User, asked.Device.LinkedCloud, asked.Device.Device, asked.Device.Online));
        Assert.True(asked.Payload.IsEmpty);
    }

    [Fact]
    public async Task A_POST_carries_its_payload_as_it_is_and_what_was_created_is_below_the_device()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        _cloud.Answers = _ => Task.FromResult(new DeviceAnswer(DeviceOutcome.Answered) { Code = 201, Location = "/scenes/7" });

        var answer = await AskAsync(client, Message(CoapCode.Post, device, "/scenes?if=oic.if.create").WithPayload("{\"a\":1}"u8.ToArray(), 50));

        Assert.Equal(CoapCode.Created, answer.Code);
        Assert.Equal([device.ToString(), "scenes", "7"], answer.Options.Texts(CoapOptionNumber.LocationPath));
        var asked = Assert.Single(_cloud.Requests);
        Assert.Equal((DeviceMethod.Post, "/scenes", 50, 10000), (asked.Method, asked.Href, asked.ContentFormat, asked.Accept));
        Assert.Equal("{\"a\":1}"u8.ToArray(), asked.Payload.ToArray());
    }

    [Fact]
    public async Task An_error_comes_with_its_words_without_a_format_and_says_when_to_ask_again()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        _cloud.Answers = _ => Task.FromResult(OtherCloud.Error(503, "the other cloud rests") with { MaxAge = TimeSpan.FromSeconds(17) });

        var answer = await AskAsync(client, Get(device, "/light"));

        Assert.Equal((CoapCode.ServiceUnavailable, 17u, "the other cloud rests"), (answer.Code, answer.MaxAge, answer.Diagnostic));
        Assert.Null(answer.ContentFormat);
    }

    [Fact]
    public async Task OCF_s_version_is_in_the_answer_where_it_was_in_the_request()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();

        var with = await AskAsync(client, Get(device, "/light").WithOption(CoapOptionNumber.OcfAcceptContentFormatVersion, 2048));
        var without = await AskAsync(client, Get(device, "/light"));

        Assert.Equal(2048u, with.Options.UInt32(CoapOptionNumber.OcfContentFormatVersion));
        Assert.False(without.Options.Contains(CoapOptionNumber.OcfContentFormatVersion));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task Other_methods_than_GET_and_POST_are_not_allowed(int method)
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();

        Assert.Equal(CoapCode.MethodNotAllowed, (await AskAsync(client, Message(new CoapCode(0, method), device, "/light"))).Code);
        Assert.Empty(_cloud.Requests);
    }

    [Fact]
    public async Task The_users_access_rules_hold()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, asker) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        Assert.True(AccessRule.TryCreate(asker.ToString(), device.ToString(), "/light*", AccessOperations.Retrieve, out var rule));
        await room.ReplaceRulesAsync(rule);
        await ConnectionRoom.SettledAsync(async () => (await AskAsync(client, Message(CoapCode.Post, device, "/light"))).Code == CoapCode.Forbidden);
        _cloud.Requests.Clear();

        Assert.Equal(CoapCode.Forbidden, (await AskAsync(client, Get(device, "/door"))).Code);
        Assert.Equal(CoapCode.Forbidden, (await AskAsync(client, Get(device, "/light").WithOption(CoapOptionNumber.Observe, 0))).Code);
        Assert.Empty(_cloud.Requests);
        Assert.Equal(CoapCode.Content, (await AskAsync(client, Get(device, "/light/1"))).Code);
    }

    [Fact]
    public async Task Another_users_mirrored_device_is_none_and_without_linked_clouds_there_is_none()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync(UserId.New());
        Assert.Equal(CoapCode.NotFound, (await AskAsync(client, Get(device, "/light"))).Code);
        Assert.Empty(_cloud.Requests);

        await using var alone = await ConnectionRoom.OpenAsync();
        var (_, other, _) = await alone.SignInAsync();
        Assert.Equal(CoapCode.NotFound, (await AskAsync(other, Get(await alone.MirrorAsync(), "/light"))).Code);
    }

    [Fact]
    public async Task A_device_that_another_user_has_here_is_not_reached_but_the_users_mirror_of_it()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = DeviceId.New();
        var (_, stranger) = await room.SignInAsync(UserId.New(), device);

        Assert.Equal(CoapCode.NotFound, (await AskAsync(client, Get(device, "/light"))).Code);
        await room.MirrorAsync(device: device);
        await ConnectionRoom.SettledAsync(async () => (await AskAsync(client, Get(device, "/light"))).Code == CoapCode.Content);

        Assert.Equal(room.User, _cloud.Requests.Last().Device.User);
        Assert.Equal(0, stranger.WrittenBytes);
    }

    [Fact]
    public async Task The_users_own_device_wins_connected_or_not()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var (_, stream, connected) = await room.SignInAsync();
        await room.MirrorAsync(device: connected);
        var offline = await room.MirrorAsync();
        await room.RegisterAsync(room.User, offline);

        client.Feed(Get(connected, "/light").ToBytes());
        Assert.Equal("/light", FedStream.Read(await stream.TakeWrittenAsync()).Path);
        Assert.Equal(CoapCode.ServiceUnavailable, (await AskAsync(client, Get(offline, "/light"))).Code);
        Assert.Empty(_cloud.Requests);
    }

    [Fact]
    public async Task A_device_that_comes_goes_or_changes_is_seen_so_by_the_next_requests()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = DeviceId.New();
        Assert.Equal(CoapCode.NotFound, (await AskAsync(client, Get(device, "/light"))).Code);

        await room.MirrorAsync(device: device);
        await ConnectionRoom.SettledAsync(async () => (await AskAsync(client, Get(device, "/light"))).Code == CoapCode.Content);
        await room.MirrorAsync(device: device, online: false);
        await ConnectionRoom.SettledAsync(async () => (await AskAsync(client, Get(device, "/light"))).Code == CoapCode.Content && !_cloud.Requests.Last().Device.Online);
        await room.RegisterAsync(room.User, device);
        await ConnectionRoom.SettledAsync(async () => (await AskAsync(client, Get(device, "/light"))).Code == CoapCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_device_that_is_known_costs_no_store()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        await ConnectionRoom.SettledAsync(async () => (await AskAsync(client, Get(device, "/light"))).Code == CoapCode.Content);
        await room.StopAsync();
        Assert.Equal(CoapCode.Content, (await AskAsync(client, Get(device, "/light"))).Code);

        room.BreakStore();

        Assert.Equal(CoapCode.Content, (await AskAsync(client, Get(device, "/light"))).Code);
        Assert.Equal(CoapCode.ServiceUnavailable, (await AskAsync(client, Get(DeviceId.New(), "/light"))).Code);
    }

    [Fact]
    public async Task What_no_device_gets_goes_nowhere()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();

        Assert.Equal(CoapCode.Forbidden, (await AskAsync(client, Get(device, "/oic/sec/cred"))).Code);
        Assert.Equal(CoapCode.NotFound, (await AskAsync(client, Get(device, ""))).Code);
        Assert.Equal(CoapCode.BadOption, (await AskAsync(client, Get(device, "/light").WithOption((CoapOptionNumber)9999, 1))).Code);
        Assert.Equal(CoapCode.NotAcceptable, (await AskAsync(client, Get(device, "/light").WithOption(CoapOptionNumber.Accept, 40))).Code);
        Assert.Equal(CoapCode.UnsupportedContentFormat, (await AskAsync(client, Message(CoapCode.Post, device, "/light").WithPayload("x"u8.ToArray(), 0))).Code);
        Assert.Equal(CoapCode.UnsupportedContentFormat, (await AskAsync(client, Message(CoapCode.Post, device, "/light").WithPayload("{"u8.ToArray(), 50))).Code);
        Assert.Empty(_cloud.Requests);
    }

    [Fact]
    public async Task Bodies_go_whole_whichever_blocks_the_client_uses()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        client.Feed(new CoapMessage(CoapCode.Csm).WithOption((CoapOptionNumber)2, 1152).WithOption((CoapOptionNumber)4, 0).ToBytes());
        byte[] sent = [0x58, 0x1e, .. new byte[30]], received = [0x59, 0x0f, 0xa0, .. new byte[4000]];
        _cloud.Answers = _ => Task.FromResult(new DeviceAnswer(DeviceOutcome.Answered) { Code = 204, ContentFormat = 10000, Payload = received });

        var first = Message(CoapCode.Post, device, "/light").WithPayload(sent.AsMemory(0, 16), 10000).WithOption(CoapOptionNumber.Block1, new BlockOption(0, true, 0).Value);
        Assert.Equal(CoapCode.Continue, (await AskAsync(client, first)).Code);
        var second = Message(CoapCode.Post, device, "/light").WithPayload(sent.AsMemory(16), 10000).WithOption(CoapOptionNumber.Block1, new BlockOption(1, false, 0).Value);
        var answer = await AskAsync(client, second);

        Assert.Equal(sent, Assert.Single(_cloud.Requests).Payload.ToArray());
        Assert.Equal((CoapCode.Changed, (uint)received.Length), (answer.Code, answer.Options.UInt32(CoapOptionNumber.Size2)));
        Assert.Equal(new BlockOption(0, true, 6), answer.Block2);
        var rest = await AskAsync(client, Message(CoapCode.Post, device, "/light").WithPayload(default, 10000).WithOption(CoapOptionNumber.Block2, new BlockOption(3, false, 6).Value));
        Assert.Equal(received.Length - (3 * 1024), rest.Payload.Length);
    }

    [Fact]
    public async Task A_client_may_have_so_many_requests_in_flight_as_for_the_store()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud, options => options.MaxRequestsQueued = 2);
        var (_, client, _) = await room.SignInAsync();
        var device = await room.MirrorAsync();
        var release = new TaskCompletionSource<DeviceAnswer>();
        _cloud.Answers = _ => release.Task;

        client.Feed(Get(device, "/a").ToBytes());
        client.Feed(Get(device, "/b").ToBytes());
        Assert.Equal(CoapCode.ServiceUnavailable, (await AskAsync(client, Get(device, "/c"))).Code);
        release.SetResult(OtherCloud.Value(new MirroredRequest(null!, DeviceMethod.Get, "/"), 1));

        Assert.Equal(CoapCode.Content, FedStream.Read(await client.TakeWrittenAsync()).Code);
    }

    [Fact]
    public async Task What_came_from_another_cloud_never_reaches_a_mirrored_device()
    {
        await using var room = await ConnectionRoom.OpenAsync(_cloud);
        var device = await room.MirrorAsync();

        var answer = await room.Requests.SendAsync(
            new DeviceRequest(room.User, AccessSubject.OfClient("peer"), device, DeviceMethod.Get, "/light"), TestContext.Current.CancellationToken);

        Assert.Equal(DeviceOutcome.UnknownDevice, answer.Outcome);
        Assert.Empty(_cloud.Requests);
    }

    private static CoapMessage Get(DeviceId device, string path) => Message(CoapCode.Get, device, path);

    private static CoapMessage Message(CoapCode method, DeviceId device, string path)
    {
        var request = CoapMessage.Request(method, $"/{device}{path}");
        request.Token = CoapToken.FromUInt64(7);
        return request;
    }

    private static async Task<CoapMessage> AskAsync(FedStream client, CoapMessage request)
    {
        client.Take();
        client.Feed(request.ToBytes());
        return FedStream.Read(await client.TakeWrittenAsync());
    }
}
