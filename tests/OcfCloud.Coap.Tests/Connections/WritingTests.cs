using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Connections;

/// <summary>How messages become writes: a write is a TLS record (device-to-cloud.md, 2).</summary>
public class WritingTests
{
    [Fact]
    public async Task A_peer_without_a_CSM_gets_each_message_in_a_write_of_its_own()
    {
        await using var one = new OneConnection(handler: Answering());
        await one.Peer.SendAsync(Requests(20));
        await ReceiveAsync(one.Peer, 20);
        Assert.Equal(1 + 20, one.Stream.Writes.Count);
        Assert.All(one.Stream.Writes, w => Assert.Equal(CoapFrameStatus.Complete, Whole(w)));
    }

    [Fact]
    public async Task After_its_CSM_the_answers_to_one_read_share_a_write()
    {
        await using var one = new OneConnection(handler: Answering());
        await one.Peer.SendAsync(new CoapMessage(CoapCode.Csm) { Token = CoapToken.FromUInt64(1) });
        await one.HandledAsync();
        var before = one.Stream.Writes.Count;

        await one.Peer.SendAsync(Requests(20));
        await ReceiveAsync(one.Peer, 20);

        Assert.Equal(before + 1, one.Stream.Writes.Count);
    }

    [Fact]
    public async Task A_peer_that_negotiated_coap_gets_them_together_from_the_start()
    {
        await using var one = new OneConnection(new CoapConnectionOptions { MayCoalesce = true }, Answering());
        await one.Peer.SendAsync(Requests(20));
        await ReceiveAsync(one.Peer, 20);
        Assert.Equal(2, one.Stream.Writes.Count);
    }

    [Fact]
    public async Task Many_threads_send_whole_messages_one_write_at_a_time()
    {
        await using var one = new OneConnection();
        var senders = Enumerable.Range(0, 8).Select(n => Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
            {
                var message = CoapMessage.Response(CoapCode.Content).WithDiagnostic(new string((char)('a' + n), 1 + (i % 50)));
                message.Token = CoapToken.FromUInt64(((ulong)n << 32) | (uint)i);
                Assert.Equal(CoapSendStatus.Sent, one.Connection.TrySend(message));
            }
        }));
        await Task.WhenAll(senders).Soon();

        var next = new uint[8];
        await one.Peer.ReceiveAsync(CoapCode.Csm);
        for (var i = 0; i < 8 * 200; i++)
        {
            var message = (await one.Peer.ReceiveAsync())!;
            var sender = (int)(message.Token.Value >> 32);
            Assert.Equal(next[sender]++, (uint)message.Token.Value);
            Assert.Equal(1 + (((int)next[sender] - 1) % 50), message.Payload.Length);
        }
    }

    [Fact]
    public async Task A_peer_that_does_not_read_fills_its_outbox_and_no_more()
    {
        await using var one = new OneConnection(new CoapConnectionOptions { MaxOutgoingBytes = 10_000 });
        await one.Peer.ReceiveAsync(CoapCode.Csm);
        one.Stream.Pause();
        var message = CoapMessage.Response(CoapCode.Content).WithDiagnostic(new string('x', 1000));

        var sent = 0;
        while (one.Connection.TrySend(message) == CoapSendStatus.Sent)
            sent++;

        Assert.Equal(9, sent);
        Assert.Equal(CoapSendStatus.Full, one.Connection.TrySend(message));
        one.Stream.Resume();
        await ReceiveAsync(one.Peer, 9);
        await Deadline.UntilAsync(() => one.Connection.TrySend(message) == CoapSendStatus.Sent);
    }

    [Fact]
    public async Task One_message_over_the_limit_passes_an_empty_outbox()
    {
        await using var one = new OneConnection(new CoapConnectionOptions { MaxOutgoingBytes = 10_000 });
        await one.Peer.ReceiveAsync(CoapCode.Csm);
        await Deadline.UntilAsync(() => one.Connection.TrySend(Large()) == CoapSendStatus.Sent);
        Assert.Equal(20_000, (await one.Peer.ReceiveAsync(CoapCode.Content)).Payload.Length);

        static CoapMessage Large() => CoapMessage.Response(CoapCode.Content).WithDiagnostic(new string('x', 20_000));
    }

    [Fact]
    public async Task Who_asks_faster_than_it_reads_is_not_read_until_it_does_but_not_for_ever()
    {
        var handler = new TestHandler { Answer = _ => CoapMessage.Response(CoapCode.Content).WithDiagnostic(new string('x', 40_000)) };
        await using var one = new OneConnection(handler: handler);
        await one.Peer.ReceiveAsync(CoapCode.Csm);
        one.Stream.Pause();
        await one.Peer.SendAsync(Requests(1));
        await one.Peer.SendAsync(Requests(1));
        await Deadline.UntilAsync(() => handler.Requests.Count == 2);
        // The connection's own timer, and now the pause.
        await Deadline.UntilAsync(() => one.Time.Timers == 2);
        await one.Peer.SendAsync(Requests(1));
        Assert.Equal(2, handler.Requests.Count);

        // It may wait for us in the same way: a second later one more read is taken.
        await Deadline.UntilAsync(() =>
        {
            one.Time.Advance(TimeSpan.FromSeconds(1));
            return handler.Requests.Count == 3;
        });
        one.Stream.Resume();
        await ReceiveAsync(one.Peer, 3);
    }

    [Fact]
    public async Task A_stream_that_fails_to_write_ends_the_connection_whatever_it_throws()
    {
        await using var one = new OneConnection();
        await one.Peer.ReceiveAsync(CoapCode.Csm);
        one.Stream.WriteFailure = new NotSupportedException("odd");
        one.Connection.TrySend(CoapMessage.Response(CoapCode.Content));
        Assert.Equal(CoapCloseReason.Broken, await one.Running.Soon());
        Assert.Equal(CoapSendStatus.Closed, one.Connection.TrySend(CoapMessage.Response(CoapCode.Content)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Messages_that_come_in_pieces_are_put_together(bool waitsWithoutBuffer)
    {
        await using var one = new OneConnection(handler: Answering());
        one.Stream.WaitsWithoutBuffer = waitsWithoutBuffer;
        var large = CoapMessage.Request(CoapCode.Post, "/a").WithPayload(Generators.Bytes(50_000), CoapContentFormat.Cbor).ToBytes();
        byte[] bytes = [.. Requests(3), .. large, .. Requests(2)];
        var random = new Random(1);
        for (var start = 0; start < bytes.Length;)
        {
            var length = Math.Min(random.Next(1, start < 100 ? 3 : 5000), bytes.Length - start);
            await one.Peer.SendAsync(bytes[start..(start + length)]);
            start += length;
        }

        await ReceiveAsync(one.Peer, 6);
        Assert.Equal(Generators.Bytes(50_000), one.Handler.Requests.ElementAt(3).Payload.ToArray());
    }

    [Fact]
    public async Task Two_messages_cut_at_every_position_are_two_messages()
    {
        await using var one = new OneConnection(handler: Answering());
        var bytes = Requests(2);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            await one.Peer.SendAsync(bytes[..cut]);
            await one.Peer.SendAsync(bytes[cut..]);
            await ReceiveAsync(one.Peer, 2);
        }

        Assert.Equal(2 * (bytes.Length - 1), one.Handler.Requests.Count);
    }

    private static TestHandler Answering() => new() { Answer = _ => CoapMessage.Response(CoapCode.Content) };

    private static byte[] Requests(int count) =>
        Enumerable.Range(0, count).SelectMany(i =>
        {
            var request = CoapMessage.Request(CoapCode.Get, "/a");
            request.Token = CoapToken.FromUInt64((ulong)i);
            return request.ToBytes();
        }).ToArray();

    private static async Task ReceiveAsync(RawPeer peer, int count)
    {
        for (var i = 0; i < count; i++)
            await peer.ReceiveAsync(CoapCode.Content);
    }

    private static CoapFrameStatus Whole(byte[] bytes)
    {
        var status = CoapFrameReader.Read(bytes, int.MaxValue, out _, out var length);
        return length == bytes.Length ? status : CoapFrameStatus.Malformed;
    }
}
