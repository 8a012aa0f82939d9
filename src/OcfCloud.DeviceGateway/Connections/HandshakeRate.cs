using System.Net;
using System.Runtime.InteropServices;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>
/// How fast each address may open connections: so many at once, then so many a second. Of an address only the time is kept at which it would have all of them
/// again; one whose time has passed is forgotten. Thread-safe.
/// </summary>
/// <param name="atOnce">How many at once, 1 or more.</param>
/// <param name="perSecond">How many a second after that, 1 or more.</param>
/// <param name="time">The clock.</param>
internal sealed class HandshakeRate(int atOnce, int perSecond, TimeProvider time)
{
    /// <summary>Addresses that are kept: more than that many at once are not held back by their own pace, for it is not theirs that matters then.</summary>
    private const int MaxTracked = 100_000;

    private const int FirstSweep = 1_024;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, long> _fullAt = [];
    private readonly long _interval = Math.Max(1, time.TimestampFrequency / perSecond);
    private int _sweepAt = FirstSweep;
    private long _sweptAt = long.MinValue;

    /// <summary>Takes one.</summary>
    /// <returns>False: this one comes too soon.</returns>
    public bool TryTake(IPAddress network)
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            if (_fullAt.Count >= _sweepAt)
                Sweep(now);
            if (_fullAt.Count >= MaxTracked && !_fullAt.ContainsKey(network))
                return true;
            ref var fullAt = ref CollectionsMarshal.GetValueRefOrAddDefault(_fullAt, network, out var known);
            var from = known ? Math.Max(fullAt, now) : now;
            if (from - now > (atOnce - 1) * _interval)
                return false;
            fullAt = from + _interval;
            return true;
        }
    }

    private void Sweep(long now)
    {
        // Once a second at most: under a flood from everywhere looking through all must not become the work.
        if (_sweptAt != long.MinValue && time.GetElapsedTime(_sweptAt, now) < TimeSpan.FromSeconds(1))
            return;
        _sweptAt = now;
        foreach (var (network, fullAt) in _fullAt)
        {
            if (fullAt <= now)
                _fullAt.Remove(network);
        }

        _sweepAt = Math.Min(MaxTracked, Math.Max(FirstSweep, _fullAt.Count * 2));
    }
}
