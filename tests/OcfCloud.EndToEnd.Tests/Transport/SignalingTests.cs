using System.Security.Authentication;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd.Transport;

/// <summary>device-to-cloud.md, 2: signaling and framing towards peers that follow RFC 8323, and towards those that do not.</summary>
public sealed class SignalingTests(QuietCloud fixture) : IClassFixture<QuietCloud>
{
    private const int MaxMessageSize = 2, BlockWiseTransfer = 4, Custody = 2, BadCsmOption = 2;

    private static readonly WireOptions NoCsm = new() { SendCsm = false, Protocols = SslProtocols.Tls12 };

    private Cloud Cloud => fixture.Cloud;

    [Fact]
    public async Task Our_CSM_is_the_first_message_with_an_8_byte_token()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        await device.Connection.PingAsync();
        var csm = device.Connection.Received.First();
        Assert.Equal(WireMessage.Csm, csm.Code);
        Assert.Equal(8, csm.Token.Length);
        Assert.Equal(262_144u, csm.Find(MaxMessageSize));
        Assert.NotNull(csm.Find(BlockWiseTransfer));
    }

    [Fact]
    public async Task A_device_that_sends_no_CSM_lives_in_the_cloud()
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.nocsm"));
        await using var client = new TestDevice(Cloud);
        await device.JoinAsync(fixture.User, NoCsm);
        await client.JoinAsync(fixture.User);
        Assert.Equal([device.PathOf("/light")], await client.DiscoverAsync("?rt=oic.r.nocsm"));
        Assert.Equal("2.05", (await client.RequestAsync("GET", device.PathOf("/light"))).CodeText);
    }

    [Fact]
    public async Task A_peer_without_CSM_and_ALPN_gets_one_message_in_each_TLS_record()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync(NoCsm);
        await AskAtOnceAsync(device.Connection);
        var sizes = device.Connection.Records.Where(r => r.Type == TlsRecord.ApplicationData).Select(r => r.GcmPlaintext);
        Assert.Equal(device.Connection.Received.Select(m => WireCodec.Encode(m).Length), sizes);
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "coap")]
    public async Task A_peer_with_CSM_or_ALPN_gets_several_messages_in_one_TLS_record(bool csm, string alpn)
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync(NoCsm with { SendCsm = csm, Alpn = alpn.Length > 0 ? [alpn] : [] });
        await AskAtOnceAsync(device.Connection);
        var records = device.Connection.Records.Count(r => r.Type == TlsRecord.ApplicationData);
        Assert.True(records < device.Connection.Received.Count / 2, $"{records} records for {device.Connection.Received.Count} messages");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    public async Task A_Ping_is_answered_with_its_token(int length)
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        var ping = new WireMessage(WireMessage.Ping, [.. WireConnection.NewToken().Take(length)], [], []);
        await device.Connection.SendAsync(ping);
        await device.Connection.PingAsync();
        var pong = Assert.Single(device.Connection.ReceivedUnder(ping.Token));
        Assert.Equal(WireMessage.Pong, pong.Code);
        Assert.Empty(pong.Options);
    }

    [Fact]
    public async Task A_Pong_has_Custody_where_the_Ping_asked_for_it()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        var pong = await device.Connection.PingAsync(new WireOption(Custody, []));
        Assert.NotNull(pong.Find(Custody));
    }

    [Fact]
    public async Task A_Release_of_the_asker_waits_for_what_is_in_flight()
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await using var client = new TestDevice(Cloud);
        await device.JoinAsync(fixture.User);
        await client.JoinAsync(fixture.User);
        device.Connection.OnRequest = _ => null;

        var asked = client.RequestAsync("GET", device.PathOf("/light"));
        var request = await device.NextRequestAsync();
        await client.Connection.SendAsync(new WireMessage(WireMessage.Release, WireConnection.NewToken(), [], []));
        await client.Connection.PingAsync();
        Assert.False(client.Connection.Ended.IsCompleted);
        Assert.Equal("5.03", (await client.RequestAsync("GET", device.PathOf("/light"))).CodeText);

        await device.Connection.SendAsync(WireRequest.Answer(request, "2.05", Cbor.Map(("value", 7))));
        Assert.Equal(7L, Cbor.DecodeMap((await asked).Payload)["value"]);
        await client.Connection.EndAsync();
    }

    [Fact]
    public async Task A_Release_of_a_device_waits_for_what_is_in_flight_on_it()
    {
        await using var device = new TestDevice(Cloud, ("/light", "oic.r.light"));
        await using var client = new TestDevice(Cloud);
        await device.JoinAsync(fixture.User);
        await client.JoinAsync(fixture.User);
        var observed = await client.ObserveAsync(device.PathOf("/light"));
        await observed.NextMapAsync();
        await device.NextRequestAsync();
        device.Connection.OnRequest = _ => null;

        var asked = client.RequestAsync("GET", device.PathOf("/light"));
        var request = await device.NextRequestAsync();
        await device.Connection.SendAsync(new WireMessage(WireMessage.Release, WireConnection.NewToken(), [], []));
        await device.Connection.PingAsync();
        await device.Connection.SendAsync(WireRequest.Answer(request, "2.05", Cbor.Map(("value", 7))));
        Assert.Equal(7L, Cbor.DecodeMap((await asked).Payload)["value"]);
        await device.Connection.EndAsync();
        await Eventually.EqualAsync("offline", () => fixture.User.StatusOfAsync(device.Id));
    }

    [Fact]
    public async Task An_Abort_closes()
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(fixture.User);
        await device.Connection.SendAsync(new WireMessage(WireMessage.Abort, WireConnection.NewToken(), [], []));
        await device.Connection.EndAsync();
        await Eventually.EqualAsync("offline", () => fixture.User.StatusOfAsync(device.Id));
    }

    [Theory]
    [InlineData("a token of 9 bytes", "09" + "01" + "010203040506070809")]
    [InlineData("a token of 15 bytes", "0F" + "01" + "0102030405060708090A0B0C0D0E0F")]
    [InlineData("an option delta of 15 that is no payload marker", "20" + "01" + "F141")]
    [InlineData("an option length of 15", "20" + "01" + "BF41")]
    [InlineData("an option longer than the message", "30" + "01" + "B56F69")]
    [InlineData("an option whose extended delta is cut off", "10" + "01" + "D1")]
    [InlineData("an option whose extended length is cut off", "20" + "01" + "BE01")]
    [InlineData("option numbers above 65535", "80" + "01" + "E0FFFF" + "E0FFFF" + "0000")]
    [InlineData("a payload marker without a payload", "10" + "01" + "FF")]
    [InlineData("a payload marker without a payload after an option", "50" + "02" + "B36F6963" + "FF")]
    [InlineData("a malformed answer", "10" + "45" + "FF")]
    [InlineData("a malformed Ping", "10" + "E2" + "FF")]
    public async Task A_malformed_frame_gets_Abort_with_a_diagnostic_and_the_end(string what, string frame)
    {
        await using var device = new TestDevice(Cloud);
        await device.JoinAsync(fixture.User);
        await AssertAbortedAsync(device, what, Convert.FromHexString(frame));
        await Eventually.EqualAsync("offline", () => fixture.User.StatusOfAsync(device.Id));
    }

    [Theory]
    [InlineData("one byte over the limit", "F0" + "0002FEEE" + "02")]
    [InlineData("the largest length there is", "F0" + "FFFFFFFF" + "02")]
    public async Task A_message_over_our_limit_gets_Abort_when_its_length_is_there(string what, string head)
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        await AssertAbortedAsync(device, what, Convert.FromHexString(head));
    }

    [Fact]
    public async Task A_message_of_exactly_our_limit_is_taken()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        var request = WireRequest.Of("POST", "/oic/nothing", new byte[200_000]);
        var overhead = WireCodec.Encode(request).Length - request.Payload.Length;
        request = request with { Payload = new byte[262_144 - overhead] };
        Assert.Equal(262_144, WireCodec.Encode(request).Length);
        Assert.Equal("4.04", (await device.Connection.RequestAsync(request)).CodeText);

        await AssertAbortedAsync(device, "one byte more", WireCodec.Encode(request with { Payload = new byte[262_145 - overhead] }));
    }

    [Fact]
    public async Task A_malformed_frame_after_good_ones_leaves_their_answers()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        var request = WireRequest.Of("GET", "/oic/nothing");
        await AssertAbortedAsync(device, "the second one", [.. WireCodec.Encode(request), 0x10, 0x01, 0xFF]);
        Assert.Equal("4.04", Assert.Single(device.Connection.ReceivedUnder(request.Token)).CodeText);
    }

    [Fact]
    public async Task A_CSM_with_an_unknown_critical_option_is_aborted_and_the_option_named()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync(NoCsm);
        var abort = await AssertAbortedAsync(device, "a critical capability", WireCodec.Encode(new WireMessage(WireMessage.Csm, WireConnection.NewToken(), [new WireOption(9, [])], [])));
        Assert.Equal(9u, abort.Find(BadCsmOption));
    }

    [Theory]
    [InlineData("an empty message", "0000")]
    [InlineData("an empty message with a token", "080001020304050607FF")]
    [InlineData("an answer to nothing", "084501020304050607FF")]
    [InlineData("a Pong to nothing", "08E301020304050607FF")]
    [InlineData("a signaling message that is not known", "08FF01020304050607FF")]
    [InlineData("a code of a reserved class", "083501020304050607FF")]
    public async Task What_asks_for_nothing_is_ignored(string what, string frame)
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        await device.Connection.SendBytesAsync(Convert.FromHexString(frame));
        await device.Connection.PingAsync();
        Assert.True(device.Connection.Received.Count == 2, what + " was answered");
    }

    [Fact]
    public async Task A_message_that_comes_byte_by_byte_is_one_message()
    {
        await using var device = new TestDevice(Cloud);
        await device.ConnectAsync();
        var request = WireRequest.Of("GET", "/oic/nothing");
        foreach (var b in WireCodec.Encode(request))
        {
            await device.Connection.SendBytesAsync([b]);
        }

        await device.Connection.PingAsync();
        Assert.Equal("4.04", Assert.Single(device.Connection.ReceivedUnder(request.Token)).CodeText);
    }

    // Ten requests in one write, answered from one read.
    private static async Task AskAtOnceAsync(WireConnection connection)
    {
        await connection.SendBytesAsync([.. Enumerable.Range(0, 10).SelectMany(_ => WireCodec.Encode(WireRequest.Of("GET", "/oic/nothing")))]);
        await connection.PingAsync();
        Assert.Equal(10, connection.Received.Count(m => m.CodeText == "4.04"));
    }

    private static async Task<WireMessage> AssertAbortedAsync(TestDevice device, string what, byte[] bytes)
    {
        await device.Connection.SendBytesAsync(bytes);
        await device.Connection.EndAsync();
        var last = device.Connection.Received.Last();
        Assert.True(last.Code == WireMessage.Abort, $"{what}: {last.CodeText}");
        Assert.Equal(8, last.Token.Length);
        Assert.NotEmpty(last.Payload);
        Assert.Null(last.Find(WireOption.ContentFormat));
        return last;
    }
}
