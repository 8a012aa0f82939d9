using System.Globalization;
using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using OcfCloud.Identity.Http;

namespace OcfCloud.Onvif.Sharing;

/// <summary>Bounds the ONVIF REST calls of one address, which bring no proof of who calls.</summary>
internal sealed class CloudDoorLimit(IOptions<OnvifOptions> options) : IEndpointFilter, IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPAddress> _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetFixedWindowLimiter(
        CallerNetwork.Of(address), _ => new FixedWindowRateLimiterOptions { PermitLimit = options.Value.MaxCloudCallsPerMinute, Window = Window }));

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using var lease = _limiter.AttemptAcquire(context.HttpContext.Connection.RemoteIpAddress ?? IPAddress.None);
        if (lease.IsAcquired) return await next(context);
        context.HttpContext.Response.Headers.RetryAfter = Window.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return Results.StatusCode(StatusCodes.Status429TooManyRequests);
    }

    public void Dispose() => _limiter.Dispose();
}
