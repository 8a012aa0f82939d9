using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Addresses;

namespace OcfCloud.Console.Security;

/// <summary>Bounds the passwords that one address may try, over all accounts: each costs a slow hash.</summary>
internal sealed class LogInLimit(IOptions<ConsoleOptions> options) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetFixedWindowLimiter(
        CallerNetwork.Of(address), _ => new FixedWindowRateLimiterOptions { PermitLimit = options.Value.MaxLogInsPerMinute, Window = Window }));

    /// <summary>Whether the address may try another one now.</summary>
    public bool Admits(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
