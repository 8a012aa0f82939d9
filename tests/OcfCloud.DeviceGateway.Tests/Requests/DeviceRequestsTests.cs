using OcfCloud.Coap;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Requests;
using OcfCloud.DeviceGateway.Tests.Connections;

namespace OcfCloud.DeviceGateway.Tests.Requests;

/// <summary>cloud-to-cloud.md, 1.3: what the HTTPS door asks of a device, over the device's own connection.</summary>
public sealed class DeviceRequestsTests
{
    private static readonly AccessSubject App = AccessSubject.OfClient("app");
    private static readonly byte[] True = [0xa1, 0x65, 0x76, 0x61, 0x6c, 0x75, 0x65, 0xf5];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_GET_reaches_the_device_with_its_path_and_query_and_the_whole_answer_comes_back()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, stream, device) = await room.SignInAsync();

        var answering = room.Requests.SendAsync(
            new DeviceRequest(room.User, App, device, DeviceMethod.Get, "/light/a b/ü%2F") { Query = ["if=oic.if.baseline", "x=a&b", ""] }, Cancellation);
        var asked = FedStream.Read(await stream.TakeWrittenAsync());
        var answer = CoapMessage.Response(CoapCode.Content).WithPayload(True, CoapContentFormat.OcfCbor).WithOption(CoapOptionNumber.MaxAge, 30);
        answer.Options.Add(CoapOptionNumber.ETag, new byte[] { 1, 2 });
        stream.Feed(Answering(asked, answer));
        var answered = await answering;

        Assert.Equal(CoapCode.Get, asked.Code);
        Assert.Equal(["light", "a b", "ü%2F"], asked.UriPath);
        Assert.Equal(["if=oic.if.baseline", "x=a&b", ""], asked.UriQuery);
        Assert.Equal(CoapContentFormat.OcfCbor, asked.Accept);
        Assert.Null(asked.ContentFormat);
        Assert.True(asked.Payload.IsEmpty);
        Assert.Equal(DeviceOutcome.Answered, answered.Outcome);
        Assert.Equal(205, answered.Code);
        Assert.Equal(CoapContentFormat.OcfCbor, answered.ContentFormat);
        Assert.Equal(True, answered.Payload.ToArray());
        Assert.Equal([1, 2], answered.ETag.ToArray());
        Assert.Equal(TimeSpan.FromSeconds(30), answered.MaxAge);
    }

    [Fact]
    public async Task A_POST_carries_its_payload_and_an_error_is_an_answer()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, stream, device) = await room.SignInAsync();

        var answering = room.Requests.SendAsync(new DeviceRequest(room.User, App, device, DeviceMethod.Post, "/light") { Payload = True }, Cancellation);
        var asked = FedStream.Read(await stream.TakeWrittenAsync());
        stream.Feed(Answering(asked, CoapMessage.Response(CoapCode.MethodNotAllowed).WithDiagnostic("read only")));
        var answered = await answering;

        Assert.Equal(CoapCode.Post, asked.Code);
        Assert.Equal(CoapContentFormat.OcfCbor, asked.ContentFormat);
        Assert.Equal(True, asked.Payload.ToArray());
        Assert.Equal((DeviceOutcome.Answered, 405), (answered.Outcome, answered.Code));
        Assert.Equal("read only"u8.ToArray(), answered.Payload.ToArray());
    }

    [Fact]
    public async Task A_device_that_is_nobodys_or_somebody_elses_is_unknown()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, _, device) = await room.SignInAsync();

        Assert.Equal(DeviceOutcome.UnknownDevice, (await AskAsync(room, DeviceId.New())).Outcome);
        Assert.Equal(DeviceOutcome.UnknownDevice, (await room.Requests.SendAsync(new DeviceRequest(UserId.New(), App, device, DeviceMethod.Get, "/light"), Cancellation)).Outcome);
    }

    [Fact]
    public async Task A_device_that_is_not_connected_is_offline_and_so_is_one_that_goes_before_it_answers()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, stream, device) = await room.SignInAsync();

        var answering = AskAsync(room, device);
        await stream.TakeWrittenAsync();
        stream.End();

        Assert.Equal(DeviceOutcome.Offline, (await answering).Outcome);
        Assert.Equal(DeviceOutcome.Offline, (await AskAsync(room, device)).Outcome);
    }

    [Fact]
    public async Task A_silent_device_is_waited_for_as_long_as_the_setting_says()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.RequestTimeout = TimeSpan.FromSeconds(7));
        var (connection, stream, device) = await room.SignInAsync();

        var answering = AskAsync(room, device);
        await stream.TakeWrittenAsync();
        room.Time.Advance(TimeSpan.FromSeconds(6));
        connection.Tick(room.Time.GetUtcNow());
        Assert.False(answering.IsCompleted);
        room.Time.Advance(TimeSpan.FromSeconds(2));
        connection.Tick(room.Time.GetUtcNow());

        Assert.Equal(DeviceOutcome.NoAnswer, (await answering).Outcome);
    }

    [Fact]
    public async Task A_device_that_sends_block_after_block_each_just_in_time_is_given_up()
    {
        await using var room = await ConnectionRoom.OpenAsync(options =>
        {
            options.RequestTimeout = TimeSpan.FromSeconds(10);
            options.ExchangeTimeout = TimeSpan.FromSeconds(15);
        });
        var (_, stream, device) = await room.SignInAsync();

        var answering = AskAsync(room, device);
        for (var number = 0u; number < 2; number++)
        {
            var asked = FedStream.Read(await stream.TakeWrittenAsync());
            room.Time.Advance(TimeSpan.FromSeconds(7));
            var block = CoapMessage.Response(CoapCode.Content).WithPayload(new byte[16], CoapContentFormat.OcfCbor);
            block.Options.Add(CoapOptionNumber.Block2, new BlockOption(number, true, 0).Value);
            stream.Feed(Answering(asked, block));
        }

        await stream.TakeWrittenAsync();
        room.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(DeviceOutcome.NoAnswer, (await answering).Outcome);
    }

    [Fact]
    public async Task More_requests_than_one_device_may_have_in_flight_are_told_so()
    {
        await using var room = await ConnectionRoom.OpenAsync(options => options.MaxRequestsInFlight = 1);
        var (_, stream, device) = await room.SignInAsync();

        var first = AskAsync(room, device);
        var asked = FedStream.Read(await stream.TakeWrittenAsync());
        Assert.Equal(DeviceOutcome.Busy, (await AskAsync(room, device)).Outcome);
        stream.Feed(Answering(asked, CoapMessage.Response(CoapCode.Changed)));

        Assert.Equal(204, (await first).Code);
    }

    [Fact]
    public async Task A_connection_that_is_about_to_be_closed_gets_no_request()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (connection, stream, device) = await room.SignInAsync();
        var first = AskAsync(room, device);
        await stream.TakeWrittenAsync();

        connection.Drain();

        Assert.Equal(DeviceOutcome.Busy, (await AskAsync(room, device)).Outcome);
        stream.End();
        Assert.Equal(DeviceOutcome.Busy, (await first).Outcome);
    }

    [Theory]
    [InlineData("light", DeviceOutcome.BadPath)]
    [InlineData("/", DeviceOutcome.BadPath)]
    [InlineData("/a//b", DeviceOutcome.BadPath)]
    [InlineData("/a/../b", DeviceOutcome.BadPath)]
    [InlineData("/a\0b", DeviceOutcome.BadPath)]
    [InlineData("/oic/sec/cred", DeviceOutcome.Forbidden)]
    [InlineData("/OIC/Sec", DeviceOutcome.Forbidden)]
    public async Task A_path_that_no_device_has_or_that_is_its_owners_goes_nowhere(string href, DeviceOutcome outcome)
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, stream, device) = await room.SignInAsync();

        Assert.Equal(outcome, (await AskAsync(room, device, href)).Outcome);
        Assert.Equal(0, stream.WrittenBytes);
    }

    [Fact]
    public async Task A_part_that_no_option_can_hold_goes_nowhere()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, stream, device) = await room.SignInAsync();

        Assert.Equal(DeviceOutcome.BadPath, (await AskAsync(room, device, "/" + new string('ü', 128))).Outcome);
        var request = new DeviceRequest(room.User, App, device, DeviceMethod.Get, "/light") { Query = [new string('q', 256)] };
        Assert.Equal(DeviceOutcome.BadPath, (await room.Requests.SendAsync(request, Cancellation)).Outcome);
        Assert.Equal(0, stream.WrittenBytes);
    }

    [Fact]
    public async Task The_users_access_rules_hold_for_the_client()
    {
        Assert.True(AccessRule.TryCreate("app", "*", "/light*", AccessOperations.Retrieve, out var rule));
        await using var room = await ConnectionRoom.OpenAsync(configure: null, rule);
        var (_, stream, device) = await room.SignInAsync();

        Assert.Equal(DeviceOutcome.Forbidden, (await AskAsync(room, device, "/door")).Outcome);
        Assert.Equal(DeviceOutcome.Forbidden, (await room.Requests.SendAsync(new DeviceRequest(room.User, App, device, DeviceMethod.Post, "/light"), Cancellation)).Outcome);
        Assert.Equal(0, stream.WrittenBytes);
        var allowed = AskAsync(room, device, "/light/1");
        stream.Feed(Answering(FedStream.Read(await stream.TakeWrittenAsync()), CoapMessage.Response(CoapCode.Content)));
        Assert.Equal(205, (await allowed).Code);
        var unnamed = room.Requests.SendAsync(new DeviceRequest(room.User, AccessSubject.OfClient("other"), device, DeviceMethod.Post, "/door"), Cancellation);
        stream.Feed(Answering(FedStream.Read(await stream.TakeWrittenAsync()), CoapMessage.Response(CoapCode.Changed)));
        Assert.Equal(204, (await unnamed).Code);
    }

    [Fact]
    public async Task What_was_created_says_where()
    {
        await using var room = await ConnectionRoom.OpenAsync();
        var (_, stream, device) = await room.SignInAsync();

        var answering = room.Requests.SendAsync(new DeviceRequest(room.User, App, device, DeviceMethod.Post, "/scenes") { Query = ["if=oic.if.create"] }, Cancellation);
        var created = CoapMessage.Response(CoapCode.Created);
        created.Options.Add(CoapOptionNumber.LocationPath, "scenes");
        created.Options.Add(CoapOptionNumber.LocationPath, "7");
        stream.Feed(Answering(FedStream.Read(await stream.TakeWrittenAsync()), created));

        Assert.Equal("/scenes/7", (await answering).Location);
    }

    private static Task<DeviceAnswer> AskAsync(ConnectionRoom room, DeviceId device, string href = "/light") =>
        room.Requests.SendAsync(new DeviceRequest(room.User, App, device, DeviceMethod.Get, href), Cancellation);

    private static byte[] Answering(CoapMessage request, CoapMessage answer)
    {
        answer.Token = request.Token;
        return answer.ToBytes();
    }
}
