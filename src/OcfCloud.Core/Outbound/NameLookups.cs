using System.Net;

namespace OcfCloud.Core.Outbound;

/// <summary>Names of strangers on their way through the system's resolver, which cannot be interrupted: we stop to wait for it, but its thread is free only when it has
/// ended, so that a lookup counts until then. A name is looked up once at a time, for all that wait for it: one that hangs takes one place, however often it is asked for.</summary>
internal sealed class NameLookups(OutboundOptions options, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<IPAddress[]>> _underWay = new(StringComparer.OrdinalIgnoreCase);

    private SemaphoreSlim Free { get; } = new(options.MaxLookups, options.MaxLookups);

    /// <summary>The addresses of a name.</summary>
    /// <exception cref="TimeoutException">They were not found within <see cref="OutboundOptions.ResolveTimeout"/>, the wait for others' lookups included.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">There are none.</exception>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.ResolveTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await (UnderWay(host) ?? await StartAsync(host, either.Token)).WaitAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The name did not resolve in time.", e);
        }
    }

    private Task<IPAddress[]>? UnderWay(string host)
    {
        lock (_lock) return _underWay.GetValueOrDefault(host);
    }

    private async Task<Task<IPAddress[]>> StartAsync(string host, CancellationToken cancellationToken)
    {
        await Free.WaitAsync(cancellationToken);
        lock (_lock)
        {
            if (_underWay.TryGetValue(host, out var others))
            {
                Free.Release();
                return others;
            }

            // Whoever ends it needs the lock: not before it is noted, unless it ended at once.
            var lookup = LookUpAsync(host);
            if (!lookup.IsCompleted) _underWay[host] = lookup;
            return lookup;
        }
    }

    private async Task<IPAddress[]> LookUpAsync(string host)
    {
        try
        {
            return await resolve(host, CancellationToken.None);
        }
        finally
        {
            lock (_lock) _underWay.Remove(host);
            Free.Release();
        }
    }
}
