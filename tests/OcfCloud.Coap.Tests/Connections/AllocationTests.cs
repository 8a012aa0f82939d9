using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Connections;

/// <summary>Forwarding a request and its answer allocates nothing once everything is warm.</summary>
public class AllocationTests
{
    private const int Depth = 8;

    [Fact]
    public async Task Forwarding_a_request_and_its_answer_allocates_nothing()
    {
        // client bytes ─► front ─► request table of back ─► device bytes; device bytes ─► back ─► front's outbox ─► client bytes.
        var (toFront, toBack) = (new LoopStream(), new LoopStream());
        var options = new CoapConnectionOptions { TickedByOwner = true, SendCsm = false, MayCoalesce = true, MaxRequestsInFlight = Depth };
        var forwarder = new Forwarder();
        var front = new CoapConnection(toFront, options, forwarder, TimeProvider.System);
        var back = new CoapConnection(toBack, options, new TestHandler(), TimeProvider.System);
        forwarder.Back = back;
        var running = new[] { front.RunAsync(TestContext.Current.CancellationToken), back.RunAsync(TestContext.Current.CancellationToken) };
        var requests = Requests();
        var (expected, received) = (0, 0);

        for (var i = 0; i < 2000; i++)
            Exchange();
        // Background work of the runtime (tiered compilation) does not count: of several rounds the quietest one says what forwarding costs.
        var least = long.MaxValue;
        for (var round = 0; round < 20 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 200; i++)
                Exchange();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(expected, received);
        Assert.Equal(expected, forwarder.Answered);
        Assert.Equal(0, least);
        toFront.End();
        toBack.End();
        await Task.WhenAll(running).Soon();

        void Exchange()
        {
            toFront.Deliver(requests);
            // What arrived at the device comes back as its answer: the same tokens, another code.
            toBack.DeliverWrittenAs(CoapCode.Content);
            expected += Depth;
            received += CountMessages(toFront.TakeWritten());
        }
    }

    private static byte[] Requests() =>
        Enumerable.Range(0, Depth).SelectMany(i =>
        {
            var request = CoapMessage.Request(CoapCode.Get, "/3f2504e0-4f89-41d3-9a0c-0305e82c3301/light?if=oic.if.a");
            request.Token = CoapToken.FromUInt64((ulong)i);
            return request.ToBytes();
        }).ToArray();

    private static int CountMessages(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        while (CoapFrameReader.Read(bytes, int.MaxValue, out _, out var length) == CoapFrameStatus.Complete)
        {
            bytes = bytes[length..];
            count++;
        }

        return count;
    }

    /// <summary>What a gateway does on its hot path: first path segment off, a token of ours on, the asker's token back.</summary>
    private sealed class Forwarder : ICoapConnectionHandler, ICoapResponseReceiver
    {
        public CoapConnection Back { get; set; } = null!;

        public int Answered { get; private set; }

        public void OnRequest(CoapConnection connection, in CoapFrame request)
        {
            var state = new CoapResponseState(request.Token, 0, connection);
            if (!Back.Requests.TryAdd(this, state, connection.Now + 20_000, keep: false, out var token))
                throw new InvalidOperationException("full");
            Back.TrySend(new Forwarded(request, token, DropsFirstSegment: true), connection.Batch);
        }

        public void OnResponse(CoapConnection connection, CoapToken token, in CoapFrame response, in CoapResponseState state)
        {
            Answered++;
            ((CoapConnection)state.Subject!).TrySend(new Forwarded(response, state.Token, DropsFirstSegment: false), connection.Batch);
        }

        public void OnRelease(CoapConnection connection)
        {
        }

        public void OnFailed(CoapRequestFailure failure, in CoapResponseState state)
        {
        }

        public void OnClosed(CoapConnection connection, CoapCloseReason reason)
        {
        }
    }

    private readonly ref struct Forwarded(CoapFrame frame, CoapToken token, bool DropsFirstSegment) : ICoapFrameSource
    {
        private readonly CoapFrame _frame = frame;

        public int MaxSize => CoapFrameWriter.MaxSizeOfCopy(_frame);

        public int Write(Span<byte> buffer)
        {
            var writer = new CoapFrameWriter(buffer, _frame.Code, token);
            var drops = DropsFirstSegment;
            var options = _frame.ReadOptions();
            while (options.MoveNext())
            {
                if (drops && options.Current.Number == (int)CoapOptionNumber.UriPath)
                    drops = false;
                else
                    writer.WriteOption(options.Current.Number, options.Current.Value);
            }

            writer.WritePayload(_frame.Payload);
            return writer.Finish();
        }
    }
}
