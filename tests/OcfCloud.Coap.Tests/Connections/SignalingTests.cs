using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Connections;

/// <summary>RFC 8323, 5, with what the field asks for (device-to-cloud.md, 2).</summary>
public class SignalingTests
{
    [Fact]
    public async Task Our_CSM_goes_out_first_and_says_what_we_take()
    {
        await using var one = new OneConnection(new CoapConnectionOptions { MaxMessageSize = 20_000 });

        var csm = (await one.Peer.ReceiveAsync())!;

        Assert.Equal(CoapCode.Csm, csm.Code);
        Assert.Equal(8, csm.Token.Length);
        Assert.Equal([2, 4], csm.Options.Select(o => o.Key));
        Assert.Equal(20_000u, csm.Options.UInt32((CoapOptionNumber)2));
        Assert.Equal(CoapCode.Csm.Value, one.Stream.Writes[0][1]);
    }

    [Fact]
    public async Task The_CSM_is_first_even_when_somebody_sends_before_the_connection_runs()
    {
        var (stream, other) = DuplexStream.Pair();
        var connection = new CoapConnection(stream, new CoapConnectionOptions(), new TestHandler(), TimeProvider.System);
        connection.TrySend(CoapMessage.Request(CoapCode.Get, "/a"));

        var peer = new RawPeer(other);

        Assert.Equal(CoapCode.Csm, (await peer.ReceiveAsync())!.Code);
        Assert.Equal(CoapCode.Get, (await peer.ReceiveAsync())!.Code);
    }

    [Fact]
    public async Task A_device_that_sends_no_CSM_can_be_played()
    {
        await using var one = new OneConnection(new CoapConnectionOptions { SendCsm = false, BlockWise = false });
        await one.HandledAsync();
        Assert.Single(one.Stream.Writes);
    }

    [Fact]
    public async Task A_CSM_adds_to_the_one_before()
    {
        await using var one = new OneConnection();
        var peer = one.Connection.Peer;
        Assert.Null(peer.MaxMessageSize);
        Assert.False(peer.CsmReceived);

        await one.Peer.SendAsync(Csm((2, [0x10, 0x00]), (4, [])));
        await one.HandledAsync();
        Assert.Equal(4096, peer.MaxMessageSize);
        Assert.True(peer.BlockWise);
        Assert.True(peer.Bert);

        await one.Peer.SendAsync(Csm((2, [0x04, 0x80])));
        await one.HandledAsync();
        Assert.Equal(1152, peer.MaxMessageSize);
        Assert.True(peer.BlockWise);
        Assert.False(peer.Bert);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 1, 2, 3, 4, 5 })]
    public async Task A_CSM_without_a_usable_size_announces_none(byte[] size)
    {
        await using var one = new OneConnection();
        await one.Peer.SendAsync(Csm((2, size)));
        await one.HandledAsync();
        Assert.True(one.Connection.Peer.CsmReceived);
        Assert.Null(one.Connection.Peer.MaxMessageSize);
    }

    [Fact]
    public async Task Of_two_sizes_in_one_CSM_the_first_counts()
    {
        await using var one = new OneConnection();
        await one.Peer.SendAsync(Csm((2, [0x10, 0x00]), (2, [0x20, 0x00])));
        await one.HandledAsync();
        Assert.Equal(4096, one.Connection.Peer.MaxMessageSize);
    }

    [Fact]
    public async Task An_unknown_elective_option_of_a_CSM_is_ignored()
    {
        await using var one = new OneConnection();
        await one.Peer.SendAsync(Csm((6, [1]), (4, [])));
        await one.HandledAsync();
        Assert.True(one.Connection.Peer.BlockWise);
    }

    [Fact]
    public async Task An_unknown_critical_option_of_a_CSM_is_aborted_by_its_number()
    {
        await using var one = new OneConnection();
        await one.Peer.SendAsync(Csm((1025, [1])));

        var abort = await one.Peer.ReceiveAsync(CoapCode.Abort);

        Assert.Equal(1025u, abort.Options.UInt32((CoapOptionNumber)2));
        Assert.NotEmpty(abort.Diagnostic);
        Assert.Null(abort.ContentFormat);
        one.Peer.End();
        Assert.Equal(CoapCloseReason.ProtocolError, await one.Running.Soon());
        Assert.Null(await one.Peer.ReceiveAsync());
    }

    [Theory]
    [InlineData(2)] // Ping
    [InlineData(3)] // Pong
    [InlineData(4)] // Release
    [InlineData(9)] // Not assigned
    public async Task An_unknown_critical_option_of_any_signaling_message_ends_the_connection(int detail)
    {
        await using var one = new OneConnection();
        var message = new CoapMessage(new CoapCode(7, detail)) { Token = CoapToken.FromUInt64(1) };
        message.Options.Add(3, new byte[] { 1 });
        await one.Peer.SendAsync(message);

        var abort = await one.Peer.ReceiveAsync(CoapCode.Abort);

        Assert.Equal(0, abort.Options.Count);
        one.Peer.End();
        Assert.Equal(CoapCloseReason.ProtocolError, await one.Running.Soon());
        Assert.Equal(0, one.Handler.Releases);
    }

    [Fact]
    public async Task Unknown_signaling_codes_empty_messages_and_reserved_classes_are_ignored()
    {
        await using var one = new OneConnection();
        await one.Peer.SendAsync(0x00, 0x00);
        await one.Peer.SendAsync(0x10, 0x00, 0x60);
        await one.Peer.SendAsync(new CoapMessage(new CoapCode(7, 31)));
        await one.Peer.SendAsync(new CoapMessage(new CoapCode(1, 1)));
        await one.Peer.SendAsync(new CoapMessage(new CoapCode(6, 1)));
        await one.HandledAsync();
        Assert.Empty(one.Handler.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("0102030405060708")]
    public async Task A_Ping_is_answered_by_a_Pong_with_its_token(string token)
    {
        await using var one = new OneConnection();
        await one.Peer.SendAsync(new CoapMessage(CoapCode.Ping) { Token = CoapToken.From(Convert.FromHexString(token)) });
        var pong = await one.Peer.ReceiveAsync(CoapCode.Pong);
        Assert.Equal(token, pong.Token.ToString());
        Assert.Equal(0, pong.Options.Count);
    }

    [Fact]
    public async Task Custody_is_promised_after_everything_before_was_taken()
    {
        var handler = new TestHandler { Answer = _ => CoapMessage.Response(CoapCode.Changed) };
        await using var one = new OneConnection(handler: handler);
        await one.Peer.SendAsync(CoapMessage.Request(CoapCode.Post, "/a"));
        var ping = new CoapMessage(CoapCode.Ping) { Token = CoapToken.FromUInt64(5) };
        ping.Options.Add(2, ReadOnlyMemory<byte>.Empty);
        await one.Peer.SendAsync(ping);

        await one.Peer.ReceiveAsync(CoapCode.Changed);
        var pong = (await one.Peer.ReceiveAsync())!;

        Assert.Equal(CoapCode.Pong, pong.Code);
        Assert.Equal(ping.Token, pong.Token);
        Assert.Equal([2], pong.Options.Select(o => o.Key));
    }

    [Fact]
    public async Task A_handler_may_promise_custody_later()
    {
        var handler = new LateCustody();
        var (stream, other) = DuplexStream.Pair();
        var connection = new CoapConnection(stream, new CoapConnectionOptions(), handler, TimeProvider.System);
        var running = connection.RunAsync(TestContext.Current.CancellationToken);
        var peer = new RawPeer(other);
        var ping = new CoapMessage(CoapCode.Ping) { Token = CoapToken.FromUInt64(5) };
        ping.Options.Add(2, ReadOnlyMemory<byte>.Empty);
        await peer.SendAsync(ping);
        await peer.SendAsync(new CoapMessage(CoapCode.Ping) { Token = CoapToken.FromUInt64(6) });
        Assert.Equal(6u, (await peer.ReceiveAsync(CoapCode.Pong)).Token.Value);

        connection.Pong(handler.Asked!.Value, custody: true);

        Assert.Equal(5u, (await peer.ReceiveAsync(CoapCode.Pong)).Token.Value);
        peer.End();
        await running.Soon();
    }

    [Fact]
    public async Task Release_of_the_peer_lets_what_is_in_flight_finish()
    {
        await using var one = new OneConnection();
        await one.Peer.SendAsync(CoapMessage.Request(CoapCode.Get, "/slow"));
        await one.Peer.SendAsync(new CoapMessage(CoapCode.Release) { Token = CoapToken.FromUInt64(1), Payload = "bye"u8.ToArray() });
        await one.HandledAsync();
        Assert.Equal(1, one.Handler.Releases);
        Assert.False(one.Connection.IsClosing);

        one.Connection.TrySend(CoapMessage.Response(CoapCode.Content));
        one.Connection.Close(CoapCloseReason.PeerReleased);

        Assert.Equal(CoapCode.Content, (await one.Peer.ReceiveAsync())!.Code);
        Assert.Null(await one.Peer.ReceiveAsync());
        Assert.Equal(CoapCloseReason.PeerReleased, await one.Running.Soon());
    }

    [Fact]
    public async Task Abort_of_the_peer_closes_at_once()
    {
        await using var one = new OneConnection();
        await one.Peer.SendAsync(new CoapMessage(CoapCode.Abort) { Payload = "no"u8.ToArray() });
        Assert.Equal(CoapCloseReason.PeerAborted, await one.Running.Soon());
        Assert.Equal([CoapCloseReason.PeerAborted], one.Handler.Closed);
    }

    [Fact]
    public async Task Our_Release_has_8_bytes_of_token_and_is_the_last_message()
    {
        await using var one = new OneConnection();
        one.Connection.Release();

        Assert.Equal(8, (await one.Peer.ReceiveAsync(CoapCode.Release)).Token.Length);
        Assert.Null(await one.Peer.ReceiveAsync());
        Assert.Equal(CoapSendStatus.Closed, one.Connection.TrySend(CoapMessage.Response(CoapCode.Content)));
        Assert.Equal(CoapCloseReason.Closed, await one.Running.Soon());
    }

    [Fact]
    public async Task An_announced_Release_leaves_the_connection_open()
    {
        var handler = new TestHandler { Answer = _ => CoapMessage.Response(CoapCode.Content) };
        await using var one = new OneConnection(handler: handler);
        one.Connection.AnnounceRelease();
        await one.Peer.ReceiveAsync(CoapCode.Release);
        await one.Peer.SendAsync(CoapMessage.Request(CoapCode.Get, "/a"));
        await one.Peer.ReceiveAsync(CoapCode.Content);
    }

    [Theory]
    [InlineData("0f01")]
    [InlineData("1001ff")]
    [InlineData("f001ffffff01")]
    public async Task Malformed_and_too_large_messages_are_aborted_after_the_answers_before_them(string hex)
    {
        var handler = new TestHandler { Answer = _ => CoapMessage.Response(CoapCode.Content) };
        await using var one = new OneConnection(handler: handler);
        await one.Peer.SendAsync([.. CoapMessage.Request(CoapCode.Get, "/a").ToBytes(), .. Convert.FromHexString(hex)]);

        await one.Peer.ReceiveAsync(CoapCode.Content);
        var abort = (await one.Peer.ReceiveAsync())!;

        Assert.Equal(CoapCode.Abort, abort.Code);
        Assert.NotEmpty(abort.Diagnostic);
        one.Peer.End();
        Assert.Null(await one.Peer.ReceiveAsync());
        Assert.Equal(CoapCloseReason.ProtocolError, await one.Running.Soon());
        Assert.Single(one.Handler.Requests);
    }

    private static CoapMessage Csm(params (int Number, byte[] Value)[] options)
    {
        var csm = new CoapMessage(CoapCode.Csm) { Token = CoapToken.FromUInt64(1) };
        foreach (var (number, value) in options)
            csm.Options.Add(number, value);
        return csm;
    }

    private sealed class LateCustody : ICoapConnectionHandler
    {
        public CoapToken? Asked { get; private set; }

        public void OnRequest(CoapConnection connection, in CoapFrame request)
        {
        }

        public void OnRelease(CoapConnection connection)
        {
        }

        public void OnCustodyPing(CoapConnection connection, CoapToken token) => Asked = token;

        public void OnClosed(CoapConnection connection, CoapCloseReason reason)
        {
        }
    }
}
