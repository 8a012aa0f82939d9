using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Twins;

/// <summary>What waits to be written: the newest of each resource, and no more bytes than allowed. Thread-safe.</summary>
internal sealed class TwinQueue(long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(DeviceId Device, string Href), TwinChange> _pending = [];
    private List<(DeviceId Device, string Href)> _soon = [];
    private long _bytes;

    /// <summary>Resources of which something waits.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _pending.Count;
        }
    }

    /// <summary>Bytes that wait.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock) return _bytes;
        }
    }

    /// <summary>Adds a change.</summary>
    /// <param name="change">The change.</param>
    /// <param name="soon">Whether <see cref="WaitingSoon"/> names it.</param>
    /// <returns>False where there is no room for it.</returns>
    public bool TryAdd(TwinChange change, bool soon)
    {
        lock (_lock)
        {
            var key = (change.Device, change.Href);
            _pending.TryGetValue(key, out var before);
            if (before is not null && before.Session > change.Session) return true;
            var bytes = _bytes + change.Representation.Length - (before?.Representation.Length ?? 0);
            if (bytes > maxBytes) return false;
            _bytes = bytes;
            _pending[key] = change;
            if (soon) _soon.Add(key);
            return true;
        }
    }

    /// <summary>The resources of which something waits.</summary>
    public IReadOnlyList<(DeviceId Device, string Href)> Waiting()
    {
        lock (_lock) return [.. _pending.Keys];
    }

    /// <summary>Those that are to be written soon; said once.</summary>
    public IReadOnlyList<(DeviceId Device, string Href)> WaitingSoon()
    {
        lock (_lock)
        {
            var soon = _soon;
            _soon = [];
            return soon;
        }
    }

    /// <summary>Takes what waits of resources; of one that another took, or that is named twice, nothing (again).</summary>
    public TwinChange[] Take(IReadOnlyCollection<(DeviceId Device, string Href)> resources)
    {
        lock (_lock)
        {
            var taken = new List<TwinChange>(resources.Count);
            foreach (var resource in resources)
            {
                if (!_pending.Remove(resource, out var change)) continue;
                taken.Add(change);
                _bytes -= change.Representation.Length;
            }
            return [.. taken];
        }
    }

    /// <summary>Puts changes back that could not be written, where nothing newer came meanwhile.</summary>
    public void PutBack(IEnumerable<TwinChange> changes)
    {
        lock (_lock)
        {
            foreach (var change in changes)
            {
                if (_bytes + change.Representation.Length > maxBytes || !_pending.TryAdd((change.Device, change.Href), change)) continue;
                _bytes += change.Representation.Length;
            }
        }
    }
}
