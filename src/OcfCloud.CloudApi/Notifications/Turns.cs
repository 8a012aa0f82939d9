namespace OcfCloud.CloudApi.Notifications;

/// <summary>How many deliveries of a lane go to one host, or are one client's, at once. One that gets no turn in time shows that the host or client is stuck: for a while
/// nobody waits for it, then one at a time, until deliveries are quick again.</summary>
/// <param name="most">Turns of each.</param>
/// <param name="slowAfter">How long one waits for a turn, how long nobody does after one waited in vain, and how long a delivery may take that shows that things move.</param>
/// <param name="time">The clock.</param>
/// <param name="comparer">What is the same host or client.</param>
internal sealed class Turns<TKey>(int most, TimeSpan slowAfter, TimeProvider time, IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly TimeSpan _slowAfter = slowAfter;
    private readonly TimeProvider _time = time;
    private readonly Dictionary<TKey, Entry> _entries = new(comparer);

    /// <summary>Takes a turn.</summary>
    /// <returns>What gives it back; null where the host or client is stuck.</returns>
    public async Task<Turn?> TryTakeAsync(TKey key, CancellationToken cancellationToken)
    {
        var entry = Enter(key);
        var taken = false;
        try
        {
            taken = await entry.Free.WaitAsync(TimeSpan.Zero, cancellationToken);
            if (!taken && MayWait(entry))
            {
                taken = await WaitAsync(entry.Free, cancellationToken);
                if (!taken) Interlocked.Exchange(ref entry.StuckAt, _time.GetTimestamp());
            }

            return taken ? new Turn(this, key, entry) : null;
        }
        finally
        {
            if (!taken) Leave(key, entry);
        }
    }

    // Of those that come when the while has passed the first one waits, and for the others it begins anew: who waits has a slot of the lane.
    private bool MayWait(Entry entry)
    {
        var stuckAt = Interlocked.Read(ref entry.StuckAt);
        return stuckAt == 0
            || (_time.GetElapsedTime(stuckAt) >= _slowAfter && Interlocked.CompareExchange(ref entry.StuckAt, _time.GetTimestamp(), stuckAt) == stuckAt);
    }

    private async Task<bool> WaitAsync(SemaphoreSlim turns, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_slowAfter, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await turns.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private Entry Enter(TKey key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry)) _entries[key] = entry = new Entry(most);
            entry.Users++;
            return entry;
        }
    }

    // Nobody keeps a list of all hosts and clients that there ever were.
    private void Leave(TKey key, Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Users > 0) return;
            _entries.Remove(key);
        }

        entry.Free.Dispose();
    }

    /// <summary>One turn; given back when disposed.</summary>
    internal sealed class Turn(Turns<TKey> all, TKey key, Entry entry) : IDisposable
    {
        private readonly long _takenAt = all._time.GetTimestamp();

        /// <summary>Says how many deliveries came to something in it: where they were quick, whoever comes waits again.</summary>
        public void Used(int deliveries)
        {
            if (all._time.GetElapsedTime(_takenAt) < all._slowAfter * Math.Max(1, deliveries)) Interlocked.Exchange(ref entry.StuckAt, 0);
        }

        public void Dispose()
        {
            entry.Free.Release();
            all.Leave(key, entry);
        }
    }

    /// <summary>A host or client that somebody has a turn of, or waits for.</summary>
    internal sealed class Entry(int turns)
    {
        // The timestamp at which one gave up waiting; 0 = none did since a quick delivery.
        public long StuckAt;

        public SemaphoreSlim Free { get; } = new(turns, turns);

        public int Users { get; set; }
    }
}
