using OcfCloud.Coap;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.DeviceGateway.Routing;

namespace OcfCloud.DeviceGateway.Observations;

/// <summary>
/// A client that observes a resource of a mirrored device. Of values that come before the first one is out, or while the client does not read, the newest is kept.
/// Disposed of when it is cancelled or its connection ends.
/// </summary>
/// <param name="asker">The client's connection.</param>
/// <param name="session">Its session, for the access rules.</param>
/// <param name="mirror">The device.</param>
/// <param name="path">The resource on it.</param>
/// <param name="request">The registration as it came.</param>
internal sealed class MirroredObserver(DeviceConnection asker, DeviceSession session, MirroredDevice mirror, string path, CoapMessage request)
    : ILaggingObserver, IDisposable
{
    private readonly Lock _gate = new();
    private ObserveSequence _sequence;
    private IDisposable? _registration;
    private Action? _whenOver;
    private DeviceAnswer? _waiting;
    private bool _hasBegun, _isOver;

    /// <summary>The client's session.</summary>
    public DeviceSession Session => session;

    /// <summary>The device.</summary>
    public MirroredDevice Mirror => mirror;

    /// <summary>The resource's path on the device.</summary>
    public string Path => path;

    /// <summary>The resource is observed: what is to be let go of in the end.</summary>
    /// <param name="registration">Ends the observation.</param>
    /// <param name="whenOver">Called once it is over, however that came.</param>
    public void Hold(IDisposable registration, Action whenOver)
    {
        lock (_gate)
        {
            if (!_isOver)
            {
                (_registration, _whenOver) = (registration, whenOver);
                return;
            }
        }

        registration.Dispose();
        whenOver();
    }

    /// <summary>Answers the registration; from now on values go out.</summary>
    public void Begin(DeviceAnswer first)
    {
        bool ended;
        lock (_gate)
        {
            var newer = _waiting;
            _hasBegun = true;
            ended = Deliver(first);
            if (!ended && newer is not null)
                ended = Deliver(newer);
        }

        if (ended)
            LetGo();
    }

    /// <summary>A later value, or the error that ends it.</summary>
    public void Receive(DeviceAnswer answer)
    {
        bool ended;
        lock (_gate)
        {
            if (!_hasBegun && !_isOver)
            {
                // The registration's answer is not out yet.
                _waiting = answer;
                return;
            }

            ended = Deliver(answer);
        }

        if (ended)
            LetGo();
    }

    /// <inheritdoc/>
    public void DeliverMissed()
    {
        bool ended;
        lock (_gate)
            ended = _hasBegun && _waiting is { } newest && Deliver(newest);
        if (ended)
            LetGo();
    }

    /// <summary>Ends it with an error.</summary>
    public void End(CoapMessage last)
    {
        lock (_gate)
        {
            if (_isOver)
                return;
            _isOver = true;
            asker.Send(request, last);
        }

        LetGo();
    }

    /// <summary>Ends it: nothing is sent after this returns.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isOver)
                return;
            _isOver = true;
        }

        LetGo();
    }

    // Whether this was the last one.
    private bool Deliver(DeviceAnswer answer)
    {
        if (_isOver)
            return false;
        _waiting = null;
        var message = MirroredMessages.ToAsker(answer, mirror.Device);
        // RFC 7641, 4.2: a notification that is an error is the last one, and has no Observe option.
        _isOver = !message.Code.IsSuccess;
        if (_isOver)
        {
            asker.Send(request, message);
            return true;
        }

        message.WithOption(CoapOptionNumber.Observe, _sequence.Next());
        switch (asker.TryNotify(message, request))
        {
            case NotifyOutcome.TooLarge:
                _isOver = true;
                // Says so.
                asker.Send(request, message);
                break;
            case NotifyOutcome.NotNow:
                // A client that reads again is told the newest value then.
                _waiting = answer;
                asker.ObserverMissed();
                break;
        }

        return _isOver;
    }

    // Outside of the gate: both ends take locks of their own.
    private void LetGo()
    {
        IDisposable? registration;
        Action? whenOver;
        lock (_gate)
        {
            (registration, whenOver) = (_registration, _whenOver);
            (_registration, _whenOver, _waiting) = (null, null, null);
        }

        asker.ForgetObservation(request.Token, this);
        registration?.Dispose();
        whenOver?.Invoke();
    }
}
