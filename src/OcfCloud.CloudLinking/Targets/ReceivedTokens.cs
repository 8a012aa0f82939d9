namespace OcfCloud.CloudLinking.Targets;

/// <summary>Tokens of a Target (RFC 6749, 5.1).</summary>
/// <param name="AccessToken">For calls.</param>
/// <param name="RefreshToken">Null: none was given; at a refresh the old one stays.</param>
/// <param name="ExpiresIn">Null: not said.</param>
/// <param name="Scope">What was granted; null: what was asked for.</param>
internal sealed record ReceivedTokens(string AccessToken, string? RefreshToken, TimeSpan? ExpiresIn, string? Scope);
