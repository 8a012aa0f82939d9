using System.Text.Json.Serialization;

namespace OcfCloud.Simulator.LogIn;

/// <summary>What an authorization server says about itself (RFC 8414, 2).</summary>
internal sealed record ServerMetadata
{
    /// <summary>Who it is.</summary>
    [JsonPropertyName("issuer"), JsonRequired]
    public string Issuer { get; init; } = "";

    /// <summary>Where users log in.</summary>
    [JsonPropertyName("authorization_endpoint"), JsonRequired]
    public Uri AuthorizationEndpoint { get; init; } = null!;

    /// <summary>Where codes become tokens.</summary>
    [JsonPropertyName("token_endpoint"), JsonRequired]
    public Uri TokenEndpoint { get; init; } = null!;

    /// <summary>Where tokens are given back.</summary>
    [JsonPropertyName("revocation_endpoint")]
    public Uri? RevocationEndpoint { get; init; }

    /// <summary>Whether its answers always name it (RFC 9207, 3).</summary>
    [JsonPropertyName("authorization_response_iss_parameter_supported")]
    public bool AnswersNameIssuer { get; init; }
}
