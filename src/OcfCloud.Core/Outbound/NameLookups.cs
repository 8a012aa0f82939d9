using System.Net;

namespace OcfCloud.Core.Outbound;

/// <summary>Names of strangers on their way through the system's resolver, which cannot be interrupted: we stop to wait for it, but its thread is free only when it has
/// ended, so that a lookup counts until then.</summary>
internal sealed class NameLookups(OutboundOptions options, TimeProvider time, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
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
            await Free.WaitAsync(either.Token);
            return await LookUpAsync(host).WaitAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The name did not resolve in time.", e);
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
            Free.Release();
        }
    }
}
