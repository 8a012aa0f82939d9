namespace OcfCloud.EndToEnd.Endurance;

/// <summary>Keeps a device's state so that an asker can tell which answers were possible while it waited.</summary>
internal sealed class CrowdPresence
{
    private readonly Lock _lock = new();
    private CrowdMoment _now = new(CrowdState.Changing, Changes: 0, IsRegistered: false, Registrations: 0);

    public CrowdMoment Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    public void Become(CrowdState state)
    {
        lock (_lock)
        {
            _now = _now with { State = state, Changes = _now.Changes + 1 };
        }
    }

    /// <summary>A sign-up was answered.</summary>
    public void Registered()
    {
        lock (_lock)
        {
            _now = _now with { Changes = _now.Changes + 1, IsRegistered = true };
        }
    }

    /// <summary>From here until the next sign-up the cloud may not know the device.</summary>
    public void BeginDeregistration()
    {
        lock (_lock)
        {
            _now = new CrowdMoment(CrowdState.Changing, _now.Changes + 1, IsRegistered: false, _now.Registrations + 1);
        }
    }
}
