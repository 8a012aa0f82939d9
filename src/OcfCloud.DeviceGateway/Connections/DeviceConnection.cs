using System.Net;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Coap;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Observations;
using OcfCloud.DeviceGateway.Routing;
using OcfCloud.DeviceGateway.Tls;
using OcfCloud.DeviceGateway.Twins;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>
/// One peer, device or client:
/// <code>
///   request ─► path ─┬─► a device's: RequestRouter, at once and in place
///                    └─► the cloud's ─┬─► always the same answer: at once
///                                     └─► ResourceRequests, one after the other ─► ICloudResource ─► answer
/// </code>
/// What it is bound to and its session are in the other part of this class.
/// </summary>
internal sealed partial class DeviceConnection : ICoapConnectionHandler, ICoapResponseReceiver
{
    // Field: devices that announce nothing take this much in one message (device-to-cloud.md, 2).
    private const int UnannouncedMessageSize = 8192;

    private readonly ConnectionServices _services;
    private readonly ObservationTable _observations;
    private readonly ResourceRequests _requests;
    private readonly Lazy<BlockwiseTransfers> _transfers;
    private readonly Lazy<CoapRequester> _requester;
    private readonly IPEndPoint _local;
    private readonly IPAddress _remote;
    private int _pending;
    private int _whole;
    private int _heldBytes;
    private int _missed;
    private CoapToken? _custodyPing;
    private int _draining;
    private long _drainUntil;

    public DeviceConnection(ConnectionServices services, Stream stream, X509Certificate2? certificate, IPEndPoint local, IPAddress remote, bool mayCoalesce)
    {
        var options = services.Options.Value;
        _services = services;
        _local = local;
        _remote = remote;
        Certificate = certificate;
        if (certificate is not null && DeviceCertificate.TryGetBoundDeviceId(certificate, out var id))
            _certified = id;
        Coap = new CoapConnection(
            stream,
            new CoapConnectionOptions
            {
                MaxMessageSize = options.MaxMessageSize,
                MaxOutgoingBytes = options.MaxOutgoingBytes,
                OutgoingRefused = services.Metrics.OutgoingRefused,
                MaxOptions = options.MaxOptions,
                MaxOptionBytes = options.MaxOptionBytes,
                MessageTimeout = options.MessageTimeout,
                WriteTimeout = options.WriteTimeout,
                MaxRequestsInFlight = options.MaxRequestsInFlight,
                MaxRequestsPerAsker = options.MaxRequestsPerClientOnDevice,
                IdlePing = options.IdlePing,
                MayCoalesce = mayCoalesce,
                TickedByOwner = true,
            },
            this,
            services.Time);
        _unsignedSince = Coap.Now;
        _observations = new ObservationTable(options.MaxObservations);
        _requests = new ResourceRequests(this, options.MaxRequestsQueued, services.Logger);
        _transfers = new(() => new BlockwiseTransfers(Coap.Peer, options.MaxMessageSize, options.BlockwiseTimeout, services.Time));
        _requester = new(() => new CoapRequester(Coap, UnannouncedMessageSize));
    }

    /// <summary>The protocol below.</summary>
    public CoapConnection Coap { get; }

    /// <summary>What the peer presented; null where it may come without.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>The device's twin, while it is kept.</summary>
    public TwinFeed? Twin => Volatile.Read(ref _twin);

    /// <summary>Asks the peer, whole bodies both ways.</summary>
    public CoapRequester Requester => _requester.Value;

    /// <summary>The same for a client, which may have no more than its share of the peer.</summary>
    public CoapRequester RequesterFor(object asker) => new(Coap, UnannouncedMessageSize) { Asker = asker };

    /// <summary>Bodies of the peer that come, and answers that go out, in blocks.</summary>
    public BlockwiseTransfers Transfers => _transfers.Value;

    /// <inheritdoc/>
    public int MaxMessageSize => Coap.Peer.MaxMessageSize ?? UnannouncedMessageSize;

    /// <inheritdoc/>
    public CancellationToken Ended => Coap.Ended;

    /// <summary>Whether it takes no new requests, because the process stops or the peer releases it.</summary>
    public bool IsDraining => Volatile.Read(ref _draining) != 0;

    /// <summary>Serves the peer until the connection ends.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => Coap.RunAsync(cancellationToken);

    /// <inheritdoc/>
    public void OnRequest(CoapConnection connection, in CoapFrame request)
    {
        var target = RequestTarget.Of(request, _services.Resources);
        var kind = target.Device is null ? RequestTargetKind.Cloud : RequestTargetKind.Device;
        if (target is { Resource: null, Device: null })
            Refuse(request, CoapCode.NotFound, "no such resource", kind);
        else if (target.Resource is { } known && !known.Allows(request.Code))
            Refuse(request, CoapCode.MethodNotAllowed, "the resource has no such method", kind);
        else if (IsDraining)
            RefuseForNow(request, "the connection is about to be closed", kind);
        else if (target.Device is { } device)
            _services.Router.Route(this, device, request);
        else if (Session is null && target.Resource!.NeedsSession(request.Code))
            RefuseUnlessSigningIn(request, kind);
        else if (!TryAnswerAtOnce(target.Resource!, request))
            Enqueue(target, request);
    }

    /// <inheritdoc/>
    public void OnResponse(CoapConnection connection, CoapToken token, in CoapFrame response, in CoapResponseState state) =>
        _services.Router.Answer(connection, response, (RoutedRequest)state.Subject!);

    /// <inheritdoc/>
    public void OnFailed(CoapRequestFailure failure, in CoapResponseState state) => _services.Router.Fail(failure, (RoutedRequest)state.Subject!);

    /// <inheritdoc/>
    public void OnRelease(CoapConnection connection) => Drain(tellsPeer: false);

    /// <inheritdoc/>
    public void OnCustodyPing(CoapConnection connection, CoapToken token)
    {
        CoapToken? earlier;
        lock (_gate)
            (earlier, _custodyPing) = (_custodyPing, token);
        // One wait is enough: the later Ping's answer says all that the earlier one's would.
        if (earlier is { } unanswered)
            connection.Pong(unanswered, custody: false);
        if (Volatile.Read(ref _pending) == 0)
            TakeCustody();
    }

    /// <inheritdoc/>
    public void OnClosed(CoapConnection connection, CoapCloseReason reason)
    {
        _services.Metrics.Closed(reason);
        if (LimitOf(reason) is { } limit)
            _services.Metrics.Rejected(limit);
        // Answers to what this peer asked have nobody to go to: devices get their places back.
        if (Volatile.Read(ref _pending) > 0 && BoundUser is { } user)
        {
            foreach (var other in _services.Sessions.Of(user))
                other.Coap.Requests.RemoveAll(this);
        }

        CloseSession();
        _observations.Close();
        if (_transfers.IsValueCreated)
            _transfers.Value.Clear();
    }

    /// <summary>What has to be done about once a second.</summary>
    public void Tick(DateTimeOffset now)
    {
        Coap.Tick(Coap.Now);
        CloseExpired(now);
        CloseUnsigned();
        CloseDrained();
        if (Interlocked.Exchange(ref _missed, 0) == 0)
            return;
        foreach (var observer in _observations.Of<ILaggingObserver>())
            observer.DeliverMissed();
    }

    /// <summary>Takes no new requests, tells the peer Release, and closes when what is in flight is answered (RFC 8323, 5.5).</summary>
    public void Drain() => Drain(tellsPeer: true);

    /// <summary>Tells the peer Release and closes when that is out.</summary>
    public void CloseReleased() => Coap.Release();

    /// <summary>A request of this peer waits for a device, or for the store.</summary>
    public void RequestBegins() => Interlocked.Increment(ref _pending);

    /// <summary>It has its answer.</summary>
    public void RequestDone()
    {
        if (Interlocked.Decrement(ref _pending) > 0)
            return;
        TakeCustody();
        if (IsDraining)
            CloseDrained();
    }

    /// <summary>The peer did not read when a notification came: it is told the newest value later.</summary>
    public void ObserverMissed() => Volatile.Write(ref _missed, 1);

    /// <summary>Closes when nothing waits any more, or for too long.</summary>
    public void CloseDrained()
    {
        if (IsDraining && ((Volatile.Read(ref _pending) == 0 && Coap.Requests.InFlight == 0) || Coap.Now >= Volatile.Read(ref _drainUntil)))
            Coap.Close();
    }

    private void Drain(bool tellsPeer)
    {
        Volatile.Write(ref _drainUntil, Coap.Now + (long)_services.Options.Value.DrainTimeout.TotalMilliseconds);
        if (Interlocked.Exchange(ref _draining, 1) != 0)
            return;
        if (tellsPeer)
            Coap.AnnounceRelease();
        CloseDrained();
    }

    private void TakeCustody()
    {
        if (!_custodyPing.HasValue)
            return;
        CoapToken? ping;
        lock (_gate)
            (ping, _custodyPing) = (_custodyPing, null);
        if (ping is { } token)
            Coap.Pong(token, custody: true);
    }

    private void Enqueue(RequestTarget target, in CoapFrame request)
    {
        var kind = target.Device is null ? RequestTargetKind.Cloud : RequestTargetKind.Device;
        if (RefusesToKeep(request, kind))
        {
            if (target.Resource?.ClosesAfterRefusal(request.Code) == true)
                Coap.Close();
            return;
        }

        var bytes = MemoryOf(request);
        if (TryHold(bytes))
        {
            if (_requests.TryEnqueue(new ResourceRequest(target, CoapMessage.From(request), bytes)))
                return;
            LetGo(bytes);
            _services.Metrics.Rejected(GatewayLimit.RequestsQueued);
        }

        RefuseForNow(request, "too many requests wait", kind);
    }
}
