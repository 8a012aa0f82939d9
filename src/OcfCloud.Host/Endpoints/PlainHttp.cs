using Microsoft.AspNetCore.Http.Extensions;
using OcfCloud.Host.Health;
using OcfCloud.Host.Metrics;

namespace OcfCloud.Host.Endpoints;

/// <summary>
/// The plain HTTP door: health and metrics are answered there, ONVIF is refused, everything else is sent to https. What a trusted proxy forwards of a client that came to it over
/// TLS is a request over https already.
/// </summary>
internal static class PlainHttp
{
    private static readonly PathString Onvif = "/onvif";

    public static IApplicationBuilder UsePlainHttpRedirect(this IApplicationBuilder app, Uri publicUrl) => app.Use(next => context =>
    {
        if (context.Request.IsHttps || context.Request.Path.StartsWithSegments(HealthEndpoints.Root, StringComparison.OrdinalIgnoreCase) || MetricsEndpoint.IsAsked(context))
        {
            return next(context);
        }

        if (context.Request.Path.StartsWithSegments(Onvif, StringComparison.OrdinalIgnoreCase))
        {
            // Cloud Integration: only HTTPS. Who was sent on would have sent its token in the clear without noticing.
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        // To our own name: the request's Host header is anybody's.
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = UriHelper.BuildAbsolute(
            "https", new HostString(publicUrl.Authority), default, context.Request.Path, context.Request.QueryString);
        return Task.CompletedTask;
    });
}
