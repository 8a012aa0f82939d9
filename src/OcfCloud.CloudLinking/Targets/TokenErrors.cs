using System.Text.Json;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>Refusals of a token endpoint (RFC 6749, 5.2) in words for users.</summary>
internal static class TokenErrors
{
    public const string InvalidRequest = "invalid_request";
    public const string InvalidClient = "invalid_client";
    public const string InvalidGrant = "invalid_grant";

    private const int MaxLength = 64;

    public static string WordsOf(string error) => error switch
    {
        InvalidRequest => "The other cloud finds this cloud's request for tokens malformed.",
        InvalidClient => "The other cloud does not accept this cloud's client id and secret: an administrator has to add it again.",
        InvalidGrant => "The other cloud does not accept this link any more: access was revoked or has expired.",
        "unauthorized_client" => "The other cloud does not let this cloud get tokens in this way: its registration there has to be changed.",
        "unsupported_grant_type" => "The other cloud does not issue tokens in this way.",
        "invalid_scope" => "The other cloud does not grant what was asked for.",
        _ => $"The other cloud refuses tokens ({error}).",
    };

    /// <summary>The code of a refusal; null where the body is none.</summary>
    public static string? CodeOf(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, TokenAnswer.Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.String && error.GetString() is { Length: > 0 and <= MaxLength } code
                && code.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':' or '/')
                    ? code
                    : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
