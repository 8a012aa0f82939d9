using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OcfCloud.CloudApi.Problems;

/// <summary>Refuses bodies that are too large (413) so that whoever sends one is told.</summary>
/// <remarks>The server's own limit breaks the connection off while the caller still writes, which loses the answer. Without it the server reads on, for five
/// seconds at most, and drops what it reads.</remarks>
internal static class RequestBodyLimit
{
    public static Task ApplyAsync(HttpContext context, RequestDelegate next, long most)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
        {
            server.MaxRequestBodySize = null;
        }

        // Said at once where it is announced: an endpoint that reads no body would ignore it.
        if (context.Request.ContentLength > most)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return Task.CompletedTask;
        }

        if (context.Request.ContentLength is null)
        {
            context.Request.Body = new LimitedBody(context.Request.Body, most);
        }

        return next(context);
    }
}
