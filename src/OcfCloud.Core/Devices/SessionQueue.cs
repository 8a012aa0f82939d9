using System.Runtime.InteropServices;

namespace OcfCloud.Core.Devices;

/// <summary>
/// The node's one queue of beginnings and ends of sessions, and the sessions that live. Only the last of each device counts, so it is never longer than the
/// number of devices. Thread-safe, never blocks for long.
/// </summary>
internal sealed class SessionQueue
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DeviceId, (UserId User, long Session)> _live = [];
    private Dictionary<DeviceId, SessionChange> _pending = [];
    private Dictionary<DeviceId, SessionChange> _writing = [];
    private List<KeyValuePair<DeviceId, SessionChange>> _overtaken = [];

    /// <summary>Devices whose change of state waits to be written.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock) return _pending.Count + _writing.Count;
        }
    }

    public void Begin(DeviceId device, UserId user, long session)
    {
        lock (_lock)
        {
            if (LastKnown(device) > session)
            {
                _overtaken.Add(KeyValuePair.Create(device, new SessionChange(user, session, Online: true, Unwritten: true)));
                return;
            }
            _live[device] = (user, session);
            Put(device, new SessionChange(user, session, Online: true, Unwritten: true));
        }
    }

    public void End(DeviceId device, long session)
    {
        lock (_lock)
        {
            if (_live.TryGetValue(device, out var live) && live.Session == session) _live.Remove(device);
            if (_pending.TryGetValue(device, out var pending) && pending.Session == session)
                Put(device, pending with { Online = false });
            else
                Put(device, new SessionChange(default, session, Online: false, Unwritten: false));
        }
    }

    /// <summary>The greatest session that this node knows and the store may not know yet; 0 = none.</summary>
    public long LastOf(DeviceId device)
    {
        lock (_lock) return LastKnown(device);
    }

    /// <summary>Takes the beginnings that came after that of a greater session: they are over without having been written.</summary>
    public IReadOnlyList<KeyValuePair<DeviceId, SessionChange>> TakeOvertaken()
    {
        lock (_lock)
        {
            var taken = _overtaken;
            if (taken.Count > 0) _overtaken = [];
            return taken;
        }
    }

    /// <summary>Puts all that live into the queue again.</summary>
    public void BeginLiveAnew()
    {
        lock (_lock)
        {
            foreach (var (device, live) in _live) Put(device, new SessionChange(live.User, live.Session, Online: true, Unwritten: true));
        }
    }

    /// <summary>Takes what waits, to be written by the one caller. <see cref="Written"/> or <see cref="PutBack"/> follows.</summary>
    public IReadOnlyDictionary<DeviceId, SessionChange> Take()
    {
        lock (_lock)
        {
            _writing = _pending;
            _pending = [];
            return _writing;
        }
    }

    public void Written()
    {
        lock (_lock) _writing = [];
    }

    public void PutBack()
    {
        lock (_lock)
        {
            foreach (var (device, change) in _writing)
            {
                if (!_pending.TryGetValue(device, out var later)) _pending.Add(device, change);
                // Its end came meanwhile; its beginning is still to be written.
                else if (later.Session == change.Session && !later.Online) _pending[device] = change with { Online = false };
            }
            _writing = [];
        }
    }

    /// <summary>The store did not take the session: it does not live.</summary>
    public void Forget(DeviceId device, long session)
    {
        lock (_lock)
        {
            if (_live.TryGetValue(device, out var live) && live.Session == session) _live.Remove(device);
        }
    }

    private long LastKnown(DeviceId device)
    {
        var last = _live.TryGetValue(device, out var live) ? live.Session : 0;
        if (_pending.TryGetValue(device, out var pending)) last = Math.Max(last, pending.Session);
        if (_writing.TryGetValue(device, out var writing)) last = Math.Max(last, writing.Session);
        return last;
    }

    private void Put(DeviceId device, SessionChange change)
    {
        ref var pending = ref CollectionsMarshal.GetValueRefOrAddDefault(_pending, device, out _);
        if (pending.Session <= change.Session) pending = change;
    }
}
