using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace OcfCloud.Identity.Http;

/// <summary>A request's JSON, read strictly: UTF-8, no member twice, no comments, no deep nesting.</summary>
public static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Reads the body.</summary>
    /// <returns>The JSON (nothing for an empty body) or the problem to answer with.</returns>
    /// <exception cref="BadHttpRequestException">The body is larger than the server allows (413).</exception>
    public static async Task<(JsonElement? Json, IResult? Problem)> ReadAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        if (buffer.Length == 0)
        {
            return (null, null);
        }

        if (!request.HasJsonContentType())
        {
            return (null, Http.Problem.UnsupportedMediaType("The body has to be application/json."));
        }

        var bytes = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        if (!Utf8.IsValid(bytes.Span))
        {
            return (null, Http.Problem.BadRequest("The body is no JSON: it is not in UTF-8."));
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            return (document.RootElement.Clone(), null);
        }
        catch (JsonException e)
        {
            return (null, Http.Problem.BadRequest($"The body is no JSON: {e.Message}"));
        }
        catch (InvalidOperationException)
        {
            // An escape of half a surrogate pair: names are compared with one another, and this one is no text.
            return (null, Http.Problem.BadRequest("The body has a member whose name is no text."));
        }
    }

    /// <summary>A member that is a well-formed text.</summary>
    public static bool TryText(this JsonElement json, string member, [NotNullWhen(true)] out string? text)
    {
        text = null;
        return json.TryGetProperty(member, out var value) && TryText(value, out text);
    }

    /// <summary>A well-formed text.</summary>
    public static bool TryText(JsonElement value, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        try
        {
            text = value.GetString();
            return text is not null;
        }
        catch (InvalidOperationException)
        {
            // An escape of half a surrogate pair: JSON by its grammar, but no text.
            return false;
        }
    }
}
