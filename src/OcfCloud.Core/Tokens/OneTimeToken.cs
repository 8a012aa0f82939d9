namespace OcfCloud.Core.Tokens;

/// <summary>A one-time token as its user gets it.</summary>
/// <param name="Token">Base64url of 32 bytes, shown here only.</param>
/// <param name="Lifetime">How long it registers a device.</param>
public sealed record OneTimeToken(string Token, TimeSpan Lifetime);
