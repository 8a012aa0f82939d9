using System.Text.Json;
using OcfCloud.CloudLinking.Targets;

namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>What an authorization server says of itself (RFC 8414, 2; OpenID Connect Discovery).</summary>
/// <param name="Issuer">As it is written.</param>
/// <param name="AuthorizationEndpoint">Where users are sent.</param>
/// <param name="TokenEndpoint">Where codes are exchanged.</param>
internal sealed record CloudMetadata(string Issuer, string AuthorizationEndpoint, string TokenEndpoint)
{
    private const int MaxUrlLength = 2048;

    /// <summary>Null: it has none.</summary>
    public string? RevocationEndpoint { get; init; }

    /// <summary>Null: not said.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>How clients authenticate at the token endpoint; Basic where it says nothing (RFC 8414, 2).</summary>
    public IReadOnlyList<string> ClientAuthentication { get; init; } = ["client_secret_basic"];

    /// <summary>RFC 9207, 3.</summary>
    public bool SendsIssuer { get; init; }

    /// <summary>Reads the document. What has another type than the specification says is refused.</summary>
    /// <param name="body">The document.</param>
    /// <param name="url">The URL that it was asked for; the issuer has to be that (RFC 8414, 3.3).</param>
    /// <returns>The metadata, or what is wrong with it: the end of a sentence.</returns>
    public static (CloudMetadata? Metadata, string? Wrong) Read(ReadOnlyMemory<byte> body, string url)
    {
        try
        {
            using var document = JsonDocument.Parse(body, TokenAnswer.Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement, url) : (null, "is no JSON object");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, "is no JSON");
        }
    }

    private static (CloudMetadata? Metadata, string? Wrong) Read(JsonElement document, string url)
    {
        if (!TryText(document, "issuer", out var issuer) || issuer is null) return (null, "names no issuer");
        if (!IsSame(issuer, url)) return (null, "is another issuer's than the URL that was given");
        if (!TryUrl(document, "authorization_endpoint", out var authorization) || authorization is null) return (null, "has no https authorization_endpoint");
        if (!TryUrl(document, "token_endpoint", out var token) || token is null) return (null, "has no https token_endpoint");
        if (!TryUrl(document, "revocation_endpoint", out var revocation)) return (null, "has a revocation_endpoint that is no https URL");
        if (!TryTexts(document, "scopes_supported", out var scopes)) return (null, "has scopes_supported that are no list of strings");
        if (!TryTexts(document, "token_endpoint_auth_methods_supported", out var methods)) return (null, "has token_endpoint_auth_methods_supported that are no list of strings");
        var sendsIssuer = document.TryGetProperty("authorization_response_iss_parameter_supported", out var iss) ? iss.ValueKind : JsonValueKind.False;
        if (sendsIssuer is not (JsonValueKind.True or JsonValueKind.False)) return (null, "has an authorization_response_iss_parameter_supported that is neither true nor false");
        var metadata = new CloudMetadata(issuer, authorization, token) { RevocationEndpoint = revocation, Scopes = scopes, SendsIssuer = sendsIssuer == JsonValueKind.True };
        return (methods is null ? metadata : metadata with { ClientAuthentication = methods }, null);
    }

    // A slash at the end is written by one and left out by another.
    private static bool IsSame(string issuer, string url) =>
        IsHttps(issuer) && Uri.TryCreate(issuer, UriKind.Absolute, out var said) && said.Query.Length == 0 && said.Fragment.Length == 0
        && said.AbsoluteUri.TrimEnd('/') == new Uri(url).AbsoluteUri.TrimEnd('/');

    private static bool TryUrl(JsonElement document, string name, out string? url) => TryText(document, name, out url) && (url is null || IsHttps(url));

    /// <summary>Whether it is an https URL that users can be sent to or that we can call: visible ASCII, as it goes into a header as it stands; no user information, no fragment.</summary>
    public static bool IsHttps(string text) => text.Length <= MaxUrlLength && text.All(c => c is > ' ' and <= '~') && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps
        && uri.IdnHost.Length > 0 && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0;

    private static bool TryText(JsonElement document, string name, out string? text)
    {
        text = null;
        if (!document.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return true;
        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is { Length: > 0 and <= MaxUrlLength };
    }

    private static bool TryTexts(JsonElement document, string name, out IReadOnlyList<string>? texts)
    {
        texts = null;
        if (!document.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return true;
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(text => text.ValueKind != JsonValueKind.String)) return false;
        texts = [.. value.EnumerateArray().Select(text => text.GetString()!)];
        return true;
    }
}
