using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace OcfCloud.Onvif.Sharing;

/// <summary>The body of an ONVIF REST call: JSON in UTF-8, no member twice, at most 16 deep, at most 1 MiB.</summary>
internal static class CloudBody
{
    private const int MaxSize = 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Reads it.</summary>
    /// <returns>The object that it is, or the answer that refuses it.</returns>
    /// <exception cref="BadHttpRequestException">The body is larger than the server allows (413).</exception>
    public static async Task<(JsonElement Json, IResult? Refusal)> ReadAsync(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            return (default, Results.StatusCode(StatusCodes.Status415UnsupportedMediaType));
        using var buffer = new MemoryStream();
        var part = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(part, request.HttpContext.RequestAborted)) > 0;)
        {
            if (buffer.Length + read > MaxSize) return (default, Results.StatusCode(StatusCodes.Status413PayloadTooLarge));
            await buffer.WriteAsync(part.AsMemory(0, read), request.HttpContext.RequestAborted);
        }

        return TryParse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length)) is { ValueKind: JsonValueKind.Object } json ? (json, null) : (default, CloudError.InvalidConfiguration);
    }

    private static JsonElement? TryParse(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span)) return null;
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An escape of half a surrogate pair in a name is the second kind.
            return null;
        }
    }
}
