using Microsoft.AspNetCore.Http;

namespace OcfCloud.Onvif.Sharing;

/// <summary>Keeps answers that carry tokens, or what is a user's own, out of caches.</summary>
internal static class NoStore
{
    public static ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
