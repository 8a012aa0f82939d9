using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using OcfCloud.Identity.Http;

namespace OcfCloud.Onvif.Firmware;

/// <summary>Bounds what one address may ask without saying who it is (onvif.md, 2.24).</summary>
internal sealed class FirmwareQueryLimit(IOptions<OnvifOptions> options) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetFixedWindowLimiter(
        CallerNetwork.Of(address), _ => new FixedWindowRateLimiterOptions { PermitLimit = options.Value.MaxFirmwareQueriesPerMinute, Window = Window }));

    /// <summary>Whether the address may ask now.</summary>
    public bool Admits(IPAddress? address)
    {
        using var lease = _limiter.AttemptAcquire(address ?? IPAddress.None);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
