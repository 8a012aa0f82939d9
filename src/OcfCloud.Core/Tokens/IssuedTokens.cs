namespace OcfCloud.Core.Tokens;

/// <summary>Tokens that were just made: the only time that their text is known.</summary>
internal sealed record IssuedTokens(string AccessToken, string RefreshToken, DateTimeOffset? Expires, TimeSpan? ExpiresIn);
