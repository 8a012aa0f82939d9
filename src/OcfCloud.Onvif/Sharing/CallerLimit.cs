using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using OcfCloud.Core.Addresses;
using OcfCloud.Identity.Http;

namespace OcfCloud.Onvif.Sharing;

/// <summary>Bounds what one address may call in a minute without saying who it is.</summary>
internal sealed class CallerLimit(Func<int> mostPerMinute) : IEndpointFilter, IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetFixedWindowLimiter(
        CallerNetwork.Of(address), _ => new FixedWindowRateLimiterOptions { PermitLimit = mostPerMinute(), Window = Window }));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using var lease = _limiter.AttemptAcquire(context.HttpContext.Connection.RemoteIpAddress ?? IPAddress.None);
        if (lease.IsAcquired) return await next(context);
        context.HttpContext.Response.Headers.RetryAfter = Window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return Problem.TooManyRequests("This address calls too often. Try again in a minute.");
    }

    public void Dispose() => _limiter.Dispose();
}
