using System.Threading.Channels;
using OcfCloud.Coap;
using OcfCloud.Simulator.Resources;

namespace OcfCloud.Simulator.Serving;

/// <summary>
/// The serving side of one connection, to the cloud or at the local endpoint. Requests and changes of resources go through one queue, so that answers and
/// notifications go out in the order of what happened, and no lock is needed.
/// <code>
/// request, change ─► queue ─► blocks put together ─► ResourceServer ─► answer or notification, in blocks where it is large
/// </code>
/// </summary>
/// <param name="server">Who answers.</param>
/// <param name="requester">Who is at the other end.</param>
/// <param name="endpoint">The endpoint to put into links, or null.</param>
/// <param name="time">The clock.</param>
internal sealed class ServedConnection(ResourceServer server, Requester requester, string? endpoint, TimeProvider time) : ICoapConnectionHandler
{
    private const int MaxBody = 65_536;
    private const int MaxWaiting = 64;
    private const int MaxObservers = 64;

    // What a peer without a CSM is sent whole; deployed stacks take it.
    private const int UnannouncedSize = 8192;
    private static readonly TimeSpan BlockLifetime = TimeSpan.FromMinutes(1);

    private readonly Channel<Work> _work = Channel.CreateUnbounded<Work>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Dictionary<CoapToken, Observer> _observers = [];
    private int _waiting;

    /// <summary>Reads and serves until the connection ends.</summary>
    public async Task<CoapCloseReason> RunAsync(CoapConnection connection, CancellationToken cancellationToken)
    {
        var serving = ServeAsync(connection);
        server.Changed += OnChanged;
        try
        {
            return await connection.RunAsync(cancellationToken);
        }
        finally
        {
            server.Changed -= OnChanged;
            _work.Writer.TryComplete();
            await serving;
        }
    }

    void ICoapConnectionHandler.OnRequest(CoapConnection connection, in CoapFrame request)
    {
        if (Interlocked.Increment(ref _waiting) <= MaxWaiting)
        {
            _work.Writer.TryWrite(new Work(Request: CoapMessage.From(request)));
            return;
        }

        Interlocked.Decrement(ref _waiting);
        var busy = CoapMessage.Response(CoapCode.ServiceUnavailable).WithDiagnostic("too many requests wait");
        busy.Token = request.Token;
        connection.TrySend(busy, connection.Batch);
    }

    // What was asked before is answered before the connection is closed (RFC 8323, 5.5).
    void ICoapConnectionHandler.OnRelease(CoapConnection connection) => _work.Writer.TryWrite(default);

    void ICoapConnectionHandler.OnClosed(CoapConnection connection, CoapCloseReason reason) => _work.Writer.TryComplete();

    private void OnChanged(DeviceResource resource) => _work.Writer.TryWrite(new Work(Changed: resource));

    private async Task ServeAsync(CoapConnection connection)
    {
        var blocks = new BlockwiseTransfers(connection.Peer, MaxBody, BlockLifetime, time);
        await foreach (var work in _work.Reader.ReadAllAsync())
        {
            if (work.Request is { } request)
            {
                Interlocked.Decrement(ref _waiting);
                Answer(connection, blocks, request);
            }
            else if (work.Changed is { } changed)
            {
                Notify(connection, blocks, changed);
            }
            else
            {
                connection.Close(CoapCloseReason.PeerReleased);
            }
        }
    }

    private void Answer(CoapConnection connection, BlockwiseTransfers blocks, CoapMessage request)
    {
        if (!blocks.TryTake(request, out var whole, out var answer))
        {
            connection.TrySend(answer!);
            return;
        }

        answer = server.Answer(whole!, requester, endpoint);
        if (request.Observe is not null)
            _observers.Remove(request.Token);
        if (request.Observe == 0 && answer.Code.IsSuccess && _observers.Count < MaxObservers && server.Observed(whole!, requester) is { } concerns)
        {
            var observer = new Observer(request, whole!, concerns, answer.Payload);
            _observers.Add(request.Token, observer);
            answer.Options.Add(CoapOptionNumber.Observe, observer.NextSequence());
        }

        connection.TrySend(blocks.Fit(request, answer, SizeOf(connection.Peer)));
    }

    private void Notify(CoapConnection connection, BlockwiseTransfers blocks, DeviceResource changed)
    {
        foreach (var observer in _observers.Values)
        {
            if (!observer.Concerns(changed))
                continue;
            var notification = server.Answer(observer.Whole, requester, endpoint);

            // Of several changes in a row the first notification has told the last value already.
            if (notification.Payload.Span.SequenceEqual(observer.Told.Span))
                continue;
            observer.Told = notification.Payload;
            notification.Options.Add(CoapOptionNumber.Observe, observer.NextSequence());
            connection.TrySend(blocks.Fit(observer.Request, notification, SizeOf(connection.Peer)));
        }
    }

    private static int SizeOf(CoapPeer peer) => peer.MaxMessageSize ?? UnannouncedSize;

    /// <summary>A request, a change, or (neither) the end.</summary>
    private readonly record struct Work(CoapMessage? Request = null, DeviceResource? Changed = null);

    private sealed class Observer(CoapMessage request, CoapMessage whole, Predicate<DeviceResource> concerns, ReadOnlyMemory<byte> told)
    {
        // RFC 7641, 3.4: 24 bits.
        private const uint SequenceMask = 0xff_ffff;
        private uint _sequence = 1;

        public CoapMessage Request { get; } = request;

        public CoapMessage Whole { get; } = whole;

        public Predicate<DeviceResource> Concerns { get; } = concerns;

        public ReadOnlyMemory<byte> Told { get; set; } = told;

        public uint NextSequence() => _sequence = (_sequence + 1) & SequenceMask;
    }
}
