using Microsoft.AspNetCore.Http.Extensions;
using OcfCloud.Host.Health;

namespace OcfCloud.Host.Endpoints;

/// <summary>The plain HTTP door: health is answered there, everything else is sent to https.</summary>
internal static class PlainHttp
{
    public static IApplicationBuilder UsePlainHttpRedirect(this IApplicationBuilder app, Uri publicUrl) => app.Use(next => context =>
    {
        if (context.Request.IsHttps || context.Request.Path.StartsWithSegments(HealthEndpoints.Root, StringComparison.OrdinalIgnoreCase))
        {
            return next(context);
        }

        // To our own name: the request's Host header is anybody's.
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = UriHelper.BuildAbsolute(
            "https", new HostString(publicUrl.Authority), default, context.Request.Path, context.Request.QueryString);
        return Task.CompletedTask;
    });
}
