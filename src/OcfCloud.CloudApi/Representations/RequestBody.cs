using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OcfCloud.Identity.Http;

namespace OcfCloud.CloudApi.Representations;

/// <summary>A request's body as it came.</summary>
/// <param name="Bytes">Its bytes; empty: none.</param>
/// <param name="Format">What they are.</param>
internal readonly record struct RequestBody(ReadOnlyMemory<byte> Bytes, BodyFormat Format)
{
    /// <summary>Reads the body.</summary>
    /// <returns>The body, or the problem to answer with: 415 where it is of no type that is understood, or encoded.</returns>
    /// <exception cref="BadHttpRequestException">The body is larger than the server allows (413).</exception>
    public static async Task<(RequestBody Body, IResult? Problem)> ReadAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        if (buffer.Length == 0) return (default, null);
        var isEncoded = request.Headers.ContentEncoding.Any(coding => !string.Equals(coding, "identity", StringComparison.OrdinalIgnoreCase));
        if (isEncoded || !MediaTypes.TryRead(request.Headers[HeaderNames.ContentType], out var format))
        {
            return (default, Problem.UnsupportedMediaType($"The body has to be {MediaTypes.Json} or {MediaTypes.OcfCbor}, not compressed."));
        }

        return (new RequestBody(buffer.ToArray(), format), null);
    }
}
