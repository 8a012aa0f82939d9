using System.Net;
using OcfCloud.Coap;
using OcfCloud.Core.Addresses;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.DeviceGateway.Twins;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>Who the peer is: by its certificate, by its sign-up or sign-in, and its session (device-to-cloud.md, 1, 3 and 4).</summary>
internal sealed partial class DeviceConnection : ICaller
{
    private readonly Lock _gate = new();
    private readonly DeviceId? _certified;
    private (UserId User, DeviceId Device)? _binding;
    private DeviceSession? _session;
    private DeviceSession? _begun;
    private DateTimeOffset? _expires;
    private TwinFeed? _twin;
    private bool _closed;

    // In milliseconds of the connection's clock.
    private long _unsignedSince;

    /// <inheritdoc/>
    public DeviceSession? Session => Volatile.Read(ref _session);

    /// <inheritdoc/>
    public IPAddress Network => CallerNetwork.Of(_remote);

    /// <inheritdoc/>
    public string LocalEndpoint => $"coaps+tcp://{new IPEndPoint(_local.Address.IsIPv4MappedToIPv6 ? _local.Address.MapToIPv4() : _local.Address, _local.Port)}";

    /// <inheritdoc/>
    public bool MayActFor(DeviceId device)
    {
        lock (_gate)
            return (_certified ?? device) == device && (_binding?.Device ?? device) == device;
    }

    /// <inheritdoc/>
    public bool MayActFor(UserId user)
    {
        lock (_gate)
            return (_binding?.User ?? user) == user;
    }

    /// <summary>The one device that may act here, where it is known.</summary>
    private DeviceId? KnownDevice
    {
        get
        {
            lock (_gate)
                return _certified ?? _binding?.Device;
        }
    }

    private UserId? BoundUser
    {
        get
        {
            lock (_gate)
                return _binding?.User;
        }
    }

    /// <inheritdoc/>
    public void Bind(UserId user, DeviceId device)
    {
        EndSession();
        lock (_gate)
            _binding = (user, device);
        Volatile.Write(ref _unsignedSince, Coap.Now);
    }

    /// <inheritdoc/>
    public bool BeginSession(UserId user, DeviceId device, SignInOutcome signIn)
    {
        var session = new DeviceSession(user, device, signIn.Session, signIn.TwinEnabled);
        (DeviceConnection Connection, DeviceSession Session)? displaced;
        // The twin of an earlier session of this connection: what it still writes would be taken for that session's.
        DropTwin();
        lock (_gate)
        {
            if (_closed || Coap.IsClosing || !_services.Sessions.TryEnter(this, session, out displaced))
                return false;
            _binding = (user, device);
            _expires = signIn.Expires;
            Volatile.Write(ref _session, session);
            _begun = session;
            _services.Online.SignedIn(device, user, session.Number);
        }

        if (displaced is { } former)
            former.Connection.Revoke(former.Session);
        return true;
    }

    /// <inheritdoc/>
    public void EndSession()
    {
        if (TakeSession(expected: null) is not null)
            _observations.Clear();
    }

    /// <inheritdoc/>
    public void ExtendSession(DateTimeOffset? expires)
    {
        lock (_gate)
        {
            if (_session is not null)
                _expires = expires;
        }
    }

    /// <summary>Whether the peer may register one more observation.</summary>
    public bool HasRoomForObservation
    {
        get
        {
            if (_observations.HasRoom)
                return true;
            _services.Metrics.Rejected(GatewayLimit.Observations);
            return false;
        }
    }

    /// <inheritdoc/>
    public bool TryAddObservation(CoapToken token, IDisposable observation) => _observations.TryAdd(token, observation);

    /// <summary>The same for a registration that others may have overtaken.</summary>
    public bool TryAddObservation(CoapToken token, IDisposable observation, long registration) => _observations.TryAdd(token, observation, registration);

    /// <summary>A registration has come, or (null) a cancellation of one.</summary>
    public long? FollowRegistration(CoapMessage request)
    {
        if (request.Code != CoapCode.Get || request.Observe is not { } observe)
            return null;
        if (observe == 0)
            return _observations.BeginRegistration(request.Token);
        _observations.WithdrawRegistration(request.Token);
        return null;
    }

    /// <summary>The work on a registration is done.</summary>
    public void EndRegistration(CoapToken token, long registration) => _observations.EndRegistration(token, registration);

    /// <summary>Whether an observation is still kept: neither cancelled nor replaced, and the connection lives.</summary>
    public bool HoldsObservation(CoapToken token, IDisposable observation) => _observations.Holds(token, observation);

    /// <inheritdoc/>
    public bool RemoveObservation(CoapToken token) => _observations.Remove(token);

    /// <summary>An observation ended by itself.</summary>
    public void ForgetObservation(CoapToken token, IDisposable observation) => _observations.Forget(token, observation);

    /// <inheritdoc/>
    public void Published() => Twin?.LookAgain();

    /// <summary>The session is over elsewhere: a later sign-in, a removal. Nothing that the connection does from now on changes the device's state.</summary>
    public void Revoke(DeviceSession session)
    {
        if (TakeSession(session) is null)
            return;
        // A device that deregisters by this connection hears that it has: the hint of it may come before the answer is out.
        if (_requests.TryCloseAfterwards())
            Coap.AnnounceRelease();
        else
            CloseReleased();
    }

    /// <summary>The answer to a sign-in is out: what the cloud itself wants from the device begins.</summary>
    public void AfterAnswer()
    {
        DeviceSession? begun;
        lock (_gate)
            (begun, _begun) = (_begun, null);
        if (begun is null || Session != begun)
            return;
        _services.Observations.DeviceCame(this, begun);
        if (begun.TwinEnabled)
            KeepTwin(begun);
    }

    /// <summary>Routes a request that waited for the sign-in.</summary>
    public void RouteLater(DeviceId device, CoapMessage request)
    {
        if (Session is { } session)
            _services.Whole.Begin(this, session, device, request);
        else
            Answer(request, CoapMessage.Response(CoapCode.Unauthorized).WithDiagnostic("not signed in"), RequestTargetKind.Device);
    }

    /// <summary>Begins to keep the twin of a session, where it is not kept yet.</summary>
    public void KeepTwin(DeviceSession session)
    {
        TwinFeed? feed;
        lock (_gate)
        {
            if (_session != session || _twin is not null)
                return;
            feed = _services.Twins.Create(this, session);
            Volatile.Write(ref _twin, feed);
        }

        feed.Begin();
    }

    /// <summary>The twin is kept no longer.</summary>
    public void DropTwin()
    {
        TwinFeed? feed;
        lock (_gate)
        {
            feed = _twin;
            Volatile.Write(ref _twin, null);
        }

        feed?.Dispose();
    }

    private void CloseSession()
    {
        lock (_gate)
            _closed = true;
        TakeSession(expected: null);
    }

    private void CloseExpired(DateTimeOffset now)
    {
        DeviceSession? expired;
        lock (_gate)
            expired = _expires <= now ? _session : null;
        if (expired is not null)
            Revoke(expired);
    }

    private void CloseUnsigned()
    {
        if (Session is not null || Coap.IsClosing || IsDraining || Volatile.Read(ref _pending) > 0)
            return;
        if (Coap.Now - Volatile.Read(ref _unsignedSince) < (long)_services.Options.Value.SignInTimeout.TotalMilliseconds)
            return;
        _services.Metrics.Rejected(GatewayLimit.SignInTime);
        CloseReleased();
    }

    private DeviceSession? TakeSession(DeviceSession? expected)
    {
        DeviceSession? session;
        lock (_gate)
        {
            session = _session;
            if (session is null || (expected is not null && expected != session))
                return null;
            Volatile.Write(ref _session, null);
            _begun = null;
            _expires = null;
            Volatile.Write(ref _unsignedSince, Coap.Now);
            _services.Sessions.Leave(this, session);
            _services.Online.SignedOut(session.Device, session.Number);
        }

        DropTwin();
        _services.Observations.DeviceLeft(this, session);
        return session;
    }
}
