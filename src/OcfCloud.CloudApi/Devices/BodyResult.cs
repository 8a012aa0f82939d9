using Microsoft.AspNetCore.Http;

namespace OcfCloud.CloudApi.Devices;

/// <summary>An answer of bytes.</summary>
/// <param name="status">The status.</param>
/// <param name="body">The body; empty: none, and no type.</param>
/// <param name="mediaType">Its type.</param>
internal sealed class BodyResult(int status, ReadOnlyMemory<byte> body, string mediaType) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        if (status == StatusCodes.Status304NotModified) return;
        response.ContentLength = body.Length;
        if (body.IsEmpty) return;
        response.ContentType = mediaType;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
