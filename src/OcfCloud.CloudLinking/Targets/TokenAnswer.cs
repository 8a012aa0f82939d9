using System.Text.Json;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>Reads a token endpoint's good answer (RFC 6749, 5.1). What has another type than the specification says is no answer.</summary>
internal static class TokenAnswer
{
    /// <summary>JSON of strangers: not deep, no comments.</summary>
    public static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16 };

    private const int MaxTokenLength = 16 * 1024;
    private const int MaxScopeLength = 4 * 1024;

    // A token that is said to live longer is one that is asked about in a century.
    private const double MaxSeconds = 100 * 365.25 * 24 * 3600;

    /// <summary>Reads it.</summary>
    /// <returns>The tokens, or what is wrong in words.</returns>
    public static (ReceivedTokens? Tokens, string? Words) Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : Wrong("is no JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second: a string that is no Unicode.
            return Wrong("is no JSON");
        }
    }

    private static (ReceivedTokens? Tokens, string? Words) Read(JsonElement answer)
    {
        if (!TryText(answer, "token_type", out var type) || type is null) return Wrong("does not say what kind of token it is");
        // RFC 6749, 5.1: compared without regard to case.
        if (!type.Equals("Bearer", StringComparison.OrdinalIgnoreCase)) return Wrong("is a token of another kind than Bearer");
        if (!TryText(answer, "access_token", out var access) || !IsToken(access)) return Wrong("has no access token that can be used");
        if (!TryText(answer, "refresh_token", out var refresh) || (refresh is not null && !IsToken(refresh))) return Wrong("has a refresh token that cannot be used");
        if (!TryText(answer, "scope", out var scope) || scope?.Length > MaxScopeLength) return Wrong("has a scope that cannot be read");
        if (!TrySeconds(answer, out var expiresIn)) return Wrong("has a lifetime that cannot be read");
        return (new ReceivedTokens(access!, refresh, expiresIn, scope), null);
    }

    private static (ReceivedTokens? Tokens, string? Words) Wrong(string what) => (null, $"The other cloud's answer {what}.");

    // They go into a header and into the store: visible ASCII (RFC 6749, A.12 and A.17, but no space).
    private static bool IsToken(string? text) => text is { Length: > 0 and <= MaxTokenLength } && text.All(c => c is > ' ' and <= '~');

    /// <summary>A member that is a string, or not there; null is as good as not there.</summary>
    private static bool TryText(JsonElement answer, string name, out string? text)
    {
        text = null;
        if (!answer.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return true;
        if (value.ValueKind != JsonValueKind.String) return false;
        text = value.GetString();
        return true;
    }

    private static bool TrySeconds(JsonElement answer, out TimeSpan? span)
    {
        span = null;
        if (!answer.TryGetProperty("expires_in", out var value) || value.ValueKind == JsonValueKind.Null) return true;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var seconds) || seconds < 0) return false;
        span = TimeSpan.FromSeconds(Math.Min(seconds, MaxSeconds));
        return true;
    }
}
