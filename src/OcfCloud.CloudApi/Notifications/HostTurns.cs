namespace OcfCloud.CloudApi.Notifications;

/// <summary>How many deliveries of a lane go to one host at once. One that gets no turn in time shows that the host is stuck, and for a while nobody waits for it.</summary>
internal sealed class HostTurns(NotificationOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Host> _hosts = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes a turn.</summary>
    /// <returns>What gives it back; null where the host is stuck.</returns>
    public async Task<IDisposable?> TryTakeAsync(string host, CancellationToken cancellationToken)
    {
        var entry = Enter(host);
        var taken = false;
        try
        {
            taken = await entry.Turns.WaitAsync(TimeSpan.Zero, cancellationToken);
            if (!taken && !IsStuck(entry))
            {
                taken = await WaitAsync(entry.Turns, cancellationToken);
                if (!taken) Interlocked.Exchange(ref entry.StuckAt, time.GetTimestamp());
            }

            return taken ? new Turn(this, host, entry) : null;
        }
        finally
        {
            if (!taken) Leave(host, entry);
        }
    }

    private bool IsStuck(Host entry) => Interlocked.Read(ref entry.StuckAt) is not 0 and var at && time.GetElapsedTime(at) < options.SlowAfter;

    private async Task<bool> WaitAsync(SemaphoreSlim turns, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.SlowAfter, time);
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

    private Host Enter(string host)
    {
        lock (_lock)
        {
            if (!_hosts.TryGetValue(host, out var entry)) _hosts[host] = entry = new Host(options.MaxParallelPerHost);
            entry.Users++;
            return entry;
        }
    }

    // Nobody keeps a list of all hosts that there ever were.
    private void Leave(string host, Host entry)
    {
        lock (_lock)
        {
            if (--entry.Users > 0) return;
            _hosts.Remove(host);
        }

        entry.Turns.Dispose();
    }

    private sealed class Host(int turns)
    {
        // The timestamp at which one gave up waiting; 0 = none did since a turn was given back.
        public long StuckAt;

        public SemaphoreSlim Turns { get; } = new(turns, turns);

        public int Users { get; set; }
    }

    private sealed class Turn(HostTurns all, string host, Host entry) : IDisposable
    {
        public void Dispose()
        {
            // A turn given back is a host that moves.
            Interlocked.Exchange(ref entry.StuckAt, 0);
            entry.Turns.Release();
            all.Leave(host, entry);
        }
    }
}
