using System.Text.Json.Serialization;

namespace OcfCloud.Simulator.LogIn;

/// <summary>What the token endpoint gives (RFC 6749, 5.1).</summary>
internal sealed record IssuedTokens
{
    /// <summary>The bearer token.</summary>
    [JsonPropertyName("access_token"), JsonRequired]
    public string AccessToken { get; init; } = "";

    /// <summary>Gets the next pair; null where there is none, or where the former one stays.</summary>
    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }

    /// <summary>Lifetime of the access token, in seconds.</summary>
    [JsonPropertyName("expires_in")]
    public long ExpiresIn { get; init; }

    /// <summary>What it is good for; null where that is all that was asked for.</summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }
}
