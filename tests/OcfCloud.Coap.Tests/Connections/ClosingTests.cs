using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Connections;

public class ClosingTests
{
    // A POST that announces 65,804 bytes.
    private static readonly byte[] TooLarge = [0xe0, 0xff, 0xff, 0x02];

    [Fact]
    public async Task Closing_lets_the_outbox_go_out_first()
    {
        await using var one = new OneConnection();
        one.Stream.Pause();
        for (var i = 0; i < 5; i++)
            one.Connection.TrySend(CoapMessage.Response(CoapCode.Content));
        one.Connection.Close();
        Assert.True(one.Connection.IsClosing);
        Assert.False(one.Connection.Ended.IsCancellationRequested);

        one.Stream.Resume();

        for (var i = 0; i < 5; i++)
            await one.Peer.ReceiveAsync(CoapCode.Content);
        Assert.Equal(CoapCloseReason.Closed, await one.Running.Soon());
    }

    [Fact]
    public async Task A_peer_that_does_not_read_holds_a_closing_connection_for_the_close_timeout_only()
    {
        await using var one = new OneConnection(new CoapConnectionOptions { CloseTimeout = TimeSpan.FromSeconds(3) });
        await one.Peer.ReceiveAsync(CoapCode.Csm);
        one.Stream.Pause();
        one.Connection.TrySend(CoapMessage.Response(CoapCode.Content));
        one.Connection.Close();
        one.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(one.Connection.Ended.IsCancellationRequested);

        one.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(CoapCloseReason.Closed, await one.Running.Soon());
    }

    [Fact]
    public async Task What_a_peer_still_sends_after_its_mistake_is_read_away_until_it_closes()
    {
        await using var one = new OneConnection(new CoapConnectionOptions { MaxMessageSize = 1_000 });
        await one.Peer.SendAsync(TooLarge);
        await one.Peer.ReceiveAsync(CoapCode.Abort);

        for (var i = 0; i < 1_000; i++)
            await one.Peer.SendAsync(new byte[1_024]);
        await Deadline.UntilAsync(() => one.Stream.AllRead);
        Assert.False(one.Running.IsCompleted);

        one.Peer.End();
        Assert.Equal(CoapCloseReason.ProtocolError, await one.Running.Soon());
        Assert.Empty(one.Handler.Requests);
    }

    [Fact]
    public async Task A_peer_that_does_not_close_after_its_mistake_holds_the_connection_for_the_close_timeout_only()
    {
        await using var one = new OneConnection(new CoapConnectionOptions { MaxMessageSize = 1_000, CloseTimeout = TimeSpan.FromSeconds(3) });
        var waits = one.Time.Timers;
        await one.Peer.SendAsync(TooLarge);
        await one.Peer.ReceiveAsync(CoapCode.Abort);
        await Deadline.UntilAsync(() => one.Time.Timers > waits);
        one.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(one.Connection.Ended.IsCancellationRequested);

        one.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(CoapCloseReason.ProtocolError, await one.Running.Soon());
    }

    [Fact]
    public async Task The_first_reason_counts_and_is_told_once()
    {
        await using var one = new OneConnection();
        one.Connection.Close(CoapCloseReason.PeerReleased);
        one.Connection.Abort("late");
        one.Peer.End();
        Assert.Equal(CoapCloseReason.PeerReleased, await one.Running.Soon());
        Assert.Equal([CoapCloseReason.PeerReleased], one.Handler.Closed);
    }

    [Fact]
    public async Task A_peer_that_closes_is_no_error()
    {
        await using var one = new OneConnection();
        one.Peer.End();
        Assert.Equal(CoapCloseReason.PeerClosed, await one.Running.Soon());
    }

    [Fact]
    public async Task A_peer_that_closes_in_the_middle_of_a_message_is_none_either()
    {
        await using var one = new OneConnection();
        await one.Peer.SendAsync(0x50, 0x01, 0xb4);
        one.Peer.End();
        Assert.Equal(CoapCloseReason.PeerClosed, await one.Running.Soon());
        Assert.Empty(one.Handler.Requests);
    }

    [Fact]
    public async Task A_stream_that_fails_to_read_is_a_broken_connection()
    {
        await using var one = new OneConnection();
        await one.Stream.DisposeAsync();
        Assert.Contains(await one.Running.Soon(), new[] { CoapCloseReason.Broken, CoapCloseReason.PeerClosed });
    }

    [Fact]
    public async Task What_waits_for_the_peer_is_told_before_the_end_is()
    {
        var order = new List<string>();
        var (stream, other) = DuplexStream.Pair();
        var connection = new CoapConnection(stream, new CoapConnectionOptions(), new Order(order), TimeProvider.System);
        var running = connection.RunAsync(TestContext.Current.CancellationToken);
        connection.Requests.TryAdd(new Order(order), default, long.MaxValue, keep: false, out _);

        await other.DisposeAsync();
        await running.Soon();

        Assert.Equal(["failed ConnectionClosed", "closed PeerClosed"], order);
        Assert.False(connection.Requests.TryAdd(new Order(order), default, long.MaxValue, keep: false, out _));
    }

    [Fact]
    public async Task A_fault_of_the_handler_comes_out_after_everybody_was_told()
    {
        var handler = new TestHandler { Answer = _ => throw new InvalidOperationException("a bug") };
        var (stream, other) = DuplexStream.Pair();
        var connection = new CoapConnection(stream, new CoapConnectionOptions(), handler, TimeProvider.System);
        var running = connection.RunAsync(TestContext.Current.CancellationToken);

        await new RawPeer(other).SendAsync(CoapMessage.Request(CoapCode.Get, "/a"));

        Assert.Equal("a bug", (await Assert.ThrowsAsync<InvalidOperationException>(() => running.Soon())).Message);
        Assert.Equal([CoapCloseReason.Broken], handler.Closed);
    }

    [Fact]
    public async Task Ending_a_connection_does_not_run_its_end_on_the_thread_that_ends_it()
    {
        var gate = new Lock();
        var handler = new Guarded(gate);
        var (stream, _) = DuplexStream.Pair();
        var connection = new CoapConnection(stream, new CoapConnectionOptions(), handler, TimeProvider.System);
        var running = connection.RunAsync(TestContext.Current.CancellationToken);

        lock (gate)
        {
            connection.Close();
            Assert.False(handler.WasClosedInside);
        }

        await running.Soon();
        Assert.False(handler.WasClosedInside);
    }

    [Fact]
    public async Task The_owner_s_token_ends_it()
    {
        using var stop = new CancellationTokenSource();
        var (stream, _) = DuplexStream.Pair();
        var connection = new CoapConnection(stream, new CoapConnectionOptions(), new TestHandler(), TimeProvider.System);
        var running = connection.RunAsync(stop.Token);
        await stop.CancelAsync();
        Assert.Equal(CoapCloseReason.Closed, await running.Soon());
        Assert.True(connection.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Sending_and_closing_at_the_same_time_loses_nothing_that_was_taken()
    {
        for (var round = 0; round < 50; round++)
        {
            await using var one = new OneConnection();
            var taken = 0;
            var senders = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                while (one.Connection.TrySend(CoapMessage.Response(CoapCode.Content)) == CoapSendStatus.Sent)
                    Interlocked.Increment(ref taken);
            })).ToArray();
            await Deadline.UntilAsync(() => Volatile.Read(ref taken) > 10);
            one.Connection.Close();
            await Task.WhenAll(senders).Soon();

            var received = 0;
            while (await one.Peer.ReceiveAsync() is { } message)
                received += message.Code == CoapCode.Content ? 1 : 0;

            Assert.Equal(taken, received);
        }
    }

    private sealed class Order(List<string> order) : ICoapConnectionHandler, ICoapResponseReceiver
    {
        public void OnRequest(CoapConnection connection, in CoapFrame request) => order.Add("request");

        public void OnRelease(CoapConnection connection) => order.Add("release");

        public void OnClosed(CoapConnection connection, CoapCloseReason reason) => order.Add($"closed {reason}");

        public void OnResponse(CoapConnection connection, CoapToken token, in CoapFrame response, in CoapResponseState state) => order.Add("response");

        public void OnFailed(CoapRequestFailure failure, in CoapResponseState state) => order.Add($"failed {failure}");
    }

    private sealed class Guarded(Lock gate) : ICoapConnectionHandler
    {
        public bool WasClosedInside { get; private set; }

        public void OnRequest(CoapConnection connection, in CoapFrame request)
        {
        }

        public void OnRelease(CoapConnection connection)
        {
        }

        public void OnClosed(CoapConnection connection, CoapCloseReason reason) => WasClosedInside = gate.IsHeldByCurrentThread;
    }
}
