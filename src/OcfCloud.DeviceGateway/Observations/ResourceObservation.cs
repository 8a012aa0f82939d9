using OcfCloud.Coap;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Routing;

namespace OcfCloud.DeviceGateway.Observations;

/// <summary>
/// One resource of one device under observation: one registration at the device, however many observe it through the cloud (device-to-cloud.md, 8).
/// <code>
///   idle ──an observer, the device is here──► asking ──value with Observe──► observed ──its connection ends──► idle, observers kept
///                                               └─ value without Observe, error, no answer ──► ended, all are told
/// </code>
/// </summary>
internal sealed partial class ResourceObservation(ObservationHub hub, DeviceId device, UserId user, string key, string path, CoapMessage request, bool isPublished) : ICoapResponseReceiver
{
    private readonly Lock _gate = new();
    private readonly ObservedValue _value = new();
    private readonly List<Observer> _observers = [];
    private DeviceConnection? _target;
    private CoapToken _token;
    private long _round;
    private ObserveSequence _sequence;
    private uint _number;
    private bool _isObserved;
    private bool _hasEnded;

    /// <summary>Whose device it is.</summary>
    public UserId User => user;

    /// <summary>The device.</summary>
    public DeviceId Device => device;

    /// <summary>The path and query under which it is found.</summary>
    public string Key => key;

    /// <summary>The resource's path.</summary>
    public string Path => path;

    /// <summary>Whether the device had published the resource: then it ends when the link goes.</summary>
    public bool IsPublished => isPublished;

    /// <summary>The clients that observe it.</summary>
    public IReadOnlyList<RemoteObserver> Clients
    {
        get
        {
            lock (_gate)
                return [.. _observers.OfType<RemoteObserver>()];
        }
    }

    /// <summary>How many clients observe it.</summary>
    public int ClientCount
    {
        get
        {
            lock (_gate)
            {
                var count = 0;
                foreach (var observer in _observers)
                    count += observer is RemoteObserver ? 1 : 0;
                return count;
            }
        }
    }

    /// <summary>Adds an observer: it is told the value that is known, or asked for now.</summary>
    /// <returns>False: the observation has ended meanwhile; a new one has to be made.</returns>
    public bool TryAdd(Observer observer, DeviceConnection target)
    {
        lock (_gate)
        {
            if (_hasEnded)
                return false;
            _observers.Add(observer);
            observer.Told = _number;
            // Between finding the target and now the device may have come back by another connection, and be observed there.
            if (_target is null || (_target != target && HoldsDevice(target)))
                Ask(target);
            else if (_isObserved)
                Deliver(observer, null);
            return true;
        }
    }

    /// <summary>Takes an observer out; the last one ends the registration at the device.</summary>
    public void Remove(Observer observer)
    {
        lock (_gate)
        {
            if (!_observers.Remove(observer) || _observers.Count > 0 || _hasEnded)
                return;
            _hasEnded = true;
            Cancel();
        }

        hub.Remove(this);
    }

    /// <summary>The device has a new connection: registers there again.</summary>
    public void AskAgain(DeviceConnection target)
    {
        lock (_gate)
        {
            if (!_hasEnded && _target != target && HoldsDevice(target))
                Ask(target);
        }
    }

    /// <summary>The device's session by this connection is over: waits for the next one.</summary>
    public void Leave(DeviceConnection target)
    {
        long round;
        lock (_gate)
        {
            if (_hasEnded || _target != target)
                return;
            round = _round;
            if (target.Coap.Requests.Remove(_token))
                target.Coap.TrySend(Registration(1));
        }

        Lost(CoapRequestFailure.ConnectionClosed, round);
    }

    /// <summary>Ends it for all.</summary>
    public void End(Func<CoapMessage> answer)
    {
        Observer[] observers;
        lock (_gate)
        {
            if (_hasEnded)
                return;
            _hasEnded = true;
            observers = [.. _observers];
            _observers.Clear();
            Cancel();
        }

        hub.Remove(this);
        foreach (var observer in observers)
            observer.End(answer());
    }

    /// <summary>Ends it for one observer.</summary>
    public void End(Observer observer, CoapMessage answer)
    {
        Remove(observer);
        observer.End(answer);
    }

    /// <summary>Delivers the value again to an observer that did not read.</summary>
    public void DeliverAgain(Observer observer)
    {
        lock (_gate)
        {
            if (!_hasEnded && _observers.Contains(observer) && observer.IsConfirmed)
                Deliver(observer, null);
        }
    }

    void ICoapResponseReceiver.OnResponse(CoapConnection connection, CoapToken token, in CoapFrame response, in CoapResponseState state)
    {
        var plan = AnswerPlan.Of(response);
        var isPart = response.Code.IsSuccess && HasMore(response);
        lock (_gate)
        {
            if (_hasEnded || state.Flags != _round)
            {
                connection.Requests.Remove(token);
                return;
            }

            if (isPart)
            {
                _isLast = !plan.IsObserved;
                if (_isLast)
                    connection.Requests.Remove(token);
                Fetch();
                return;
            }

            if (plan.IsObserved && response.Code.IsSuccess)
            {
                Take(response, plan.Format, connection.Batch);
                return;
            }

            // Not observable, or gone: what the device said is the last thing that the observers hear.
            EndWith(response, plan.Format);
        }

        connection.Requests.Remove(token);
        hub.Remove(this);
    }

    void ICoapResponseReceiver.OnFailed(CoapRequestFailure failure, in CoapResponseState state) => Lost(failure, state.Flags);

    private void Lost(CoapRequestFailure failure, long round)
    {
        Observer[] waiting;
        lock (_gate)
        {
            if (_hasEnded || round != _round)
                return;
            _target = null;
            _isObserved = false;
            // Who has had a value waits for the device's return; who has none is told so now, and everybody where the device is there and does not answer.
            waiting = [.. _observers.Where(o => failure != CoapRequestFailure.ConnectionClosed || !o.IsConfirmed)];
        }

        foreach (var observer in waiting)
            End(observer, DeviceConnection.AnswerOf(failure));
    }

    private void Ask(DeviceConnection target)
    {
        _target = target;
        _isObserved = _isFetching = _fetchesAgain = _isLast = false;
        _round++;
        var deadline = target.Coap.Now + hub.Timeout;
        var isHere = HoldsDevice(target);
        if (isHere && target.Coap.Requests.TryAdd(this, new CoapResponseState(default, _round, null), deadline, keep: true, out _token)
            && target.Coap.TrySend(Registration(0)) == CoapSendStatus.Sent)
        {
            return;
        }

        target.Coap.Requests.Remove(_token);
        _target = null;
        var failure = target.Coap.IsClosing || !isHere ? CoapRequestFailure.ConnectionClosed : CoapRequestFailure.Busy;
        ThreadPool.UnsafeQueueUserWorkItem(
            static state => state.Observation.Lost(state.Failure, state.Round), (Observation: this, Failure: failure, Round: _round), preferLocal: false);
    }

    // Where it is, the end of the session, which takes the gate by Leave, is still to come.
    private bool HoldsDevice(DeviceConnection target) => target.Session is { } session && session.Device == device && session.User == user;

    private void Cancel()
    {
        if (_target is not { } target)
            return;
        _target = null;
        // The answer to the cancellation finds no slot and is dropped.
        if (target.Coap.Requests.Remove(_token))
            target.Coap.TrySend(Registration(1));
    }

    private CoapMessage Registration(uint observe)
    {
        var message = request.Copy();
        message.Token = _token;
        return message.WithOption(CoapOptionNumber.Observe, observe);
    }

    private void Take(in CoapFrame answer, uint? format, CoapFlushBatch? batch)
    {
        _isObserved = true;
        _value.Set(answer, format);
        _number = _sequence.Next();
        var (clients, others) = (0, false);
        foreach (var observer in _observers)
        {
            if (IsAtOnce(observer, ref clients))
                Deliver(observer, batch);
            else
                others = true;
        }

        if (others)
            DeliverAside();
    }

    private void Deliver(Observer observer, CoapFlushBatch? batch)
    {
        observer.IsConfirmed = true;
        observer.Told = _number;
        observer.Deliver(_value, _number, batch);
    }

    private void EndWith(in CoapFrame answer, uint? format)
    {
        _hasEnded = true;
        _value.Set(answer, format);
        var clients = 0;
        for (var index = _observers.Count - 1; index >= 0; index--)
        {
            var observer = _observers[index];
            if (!IsAtOnce(observer, ref clients))
                continue;
            _observers.RemoveAt(index);
            observer.Deliver(_value, sequence: null, batch: null);
        }

        if (_observers.Count > 0)
            ThreadPool.UnsafeQueueUserWorkItem(static observation => observation.TellLast(), this, preferLocal: false);
    }
}
