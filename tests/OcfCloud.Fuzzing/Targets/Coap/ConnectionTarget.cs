using OcfCloud.Coap;

namespace OcfCloud.Fuzzing.Targets.Coap;

/// <summary>A whole connection over a stream: signaling, requests and answers, until the stream ends or the connection gives up. The first byte says how it is cut.</summary>
internal sealed class ConnectionTarget : FuzzTarget
{
    private const int MostYields = 100;

    private static readonly CoapConnectionOptions Options = new() { MaxMessageSize = 1152, MaxOptions = 64, MaxOptionBytes = 512, TickedByOwner = true };
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    public override string Name => "connection";

    public override int MaxLength => 1024;

    public override long AllocationPerByte => 512;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            var csm = new CoapMessage(CoapCode.Csm) { Token = CoapToken.FromUInt64(7) };
            csm.Options.Add(2, 1152u);
            csm.Options.Add(4, ReadOnlyMemory<byte>.Empty);
            var get = CoapMessage.Request(CoapCode.Get, "/oic/res");
            get.Token = CoapToken.FromUInt64(8);
            var custody = new CoapMessage(CoapCode.Ping) { Token = CoapToken.FromUInt64(9) };
            custody.Options.Add(2, ReadOnlyMemory<byte>.Empty);
            var release = new CoapMessage(CoapCode.Release) { Token = CoapToken.FromUInt64(1) };
            var abort = new CoapMessage(CoapCode.Abort) { Token = CoapToken.FromUInt64(1) }.WithDiagnostic("bad");
            var badCsm = new CoapMessage(CoapCode.Csm);
            badCsm.Options.Add(9, ReadOnlyMemory<byte>.Empty);
            var pong = new CoapMessage(CoapCode.Pong) { Token = CoapToken.FromUInt64(1) };
            yield return [200, .. csm.ToBytes(), .. get.ToBytes(), .. custody.ToBytes(), .. pong.ToBytes()];
            yield return [3, .. csm.ToBytes(), .. new CoapMessage(CoapCode.Ping).ToBytes(), .. release.ToBytes(), .. get.ToBytes()];
            yield return [90, .. get.ToBytes(), .. abort.ToBytes()];
            yield return [90, .. badCsm.ToBytes(), .. get.ToBytes()];
            yield return [90, .. CoapMessage.Response(CoapCode.Content).WithPayload(new byte[20], 60).ToBytes(), 0, 0, 0xf0, 0xff, 0xff];
        }
    }

    public override IEnumerable<byte[]> Words => [[0, 0xe1], [0, 0xe2], [0, 0xe3], [0, 0xe4], [0, 0xe5], [0x10, 0xe1, 0x20], [0x10, 0xe1, 0x40], [0x30, 0xe1, 0x22, 4, 0x80], [0x01, 1, 9], [0xf0]];

    public override void Run(ReadOnlyMemory<byte> input)
    {
        if (input.IsEmpty) return;
        var peer = new Peer();
        using var stream = new PiecewiseStream(input[1..], 1 + input.Span[0]);
        var connection = new CoapConnection(stream, Options, peer, StillTime.Instance);
        // Its end is served by the pool, and so is a peer that has sent much.
        var reason = Invariant.Comes(connection.RunAsync(CancellationToken.None), Longest);

        // What ends a connection is told on another thread; the next input shall find nothing under way.
        for (var i = 0; i < MostYields && ThreadPool.PendingWorkItemCount > 0; i++) Thread.Yield();
        Invariant.Holds(peer.Closed == reason && connection.IsClosing && connection.PendingBytes == 0, "it is told once why it ended, and owns nothing");
        LookAtSent(stream.Written, reason);
        LookAtHeard(input.Span[1..], peer, reason);
    }

    private static void LookAtSent(ReadOnlySpan<byte> written, CoapCloseReason reason)
    {
        var last = default(CoapCode);
        var count = 0;
        while (!written.IsEmpty)
        {
            var status = CoapFrameReader.Read(written, int.MaxValue, out var frame, out var length);
            Invariant.Holds(status == CoapFrameStatus.Complete, "what goes out is whole frames");
            Invariant.Holds(count++ > 0 || frame.Code == CoapCode.Csm, "the CSM goes first");
            Invariant.Holds(last != CoapCode.Abort, "nothing goes after an Abort");
            last = frame.Code;
            written = written[length..];
        }

        Invariant.Holds((last == CoapCode.Abort) == (reason == CoapCloseReason.ProtocolError), "who breaks the protocol is told Abort");
    }

    // The requests that are heard are those that are there, in order; all of them where nothing ended the connection before.
    private static void LookAtHeard(ReadOnlySpan<byte> stream, Peer peer, CoapCloseReason reason)
    {
        var heard = 0;
        while (heard < peer.Requests.Count)
        {
            var status = CoapFrameReader.Read(stream, Options.MaxMessageSize, out var frame, out var length);
            Invariant.Holds(status == CoapFrameStatus.Complete, "what is heard was said");
            if (frame.Code.IsRequest) Invariant.Holds(peer.Requests[heard++].AsSpan().SequenceEqual(stream[..length]), "a request is heard as it was said");
            stream = stream[length..];
        }

        if (reason != CoapCloseReason.PeerClosed) return;
        while (CoapFrameReader.Read(stream, Options.MaxMessageSize, out var frame, out var length) == CoapFrameStatus.Complete)
        {
            Invariant.Holds(!frame.Code.IsRequest, "every request is heard");
            stream = stream[length..];
        }
    }

    private sealed class Peer : ICoapConnectionHandler
    {
        public List<byte[]> Requests { get; } = [];

        public CoapCloseReason? Closed { get; private set; }

        public void OnRequest(CoapConnection connection, in CoapFrame request)
        {
            Requests.Add(CoapMessage.From(request).ToBytes());
            connection.TrySend(new CoapMessage(CoapCode.Content) { Token = request.Token }, connection.Batch);
        }

        public void OnRelease(CoapConnection connection) => connection.Close();

        public void OnClosed(CoapConnection connection, CoapCloseReason reason)
        {
            Invariant.Holds(Closed is null, "it ends once");
            Closed = reason;
        }
    }
}
