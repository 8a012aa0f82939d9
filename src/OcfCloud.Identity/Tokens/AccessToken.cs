namespace OcfCloud.Identity.Tokens;

/// <summary>A bearer token as it is handed out.</summary>
/// <param name="Text">The JWT.</param>
/// <param name="Lifetime">From now on.</param>
public sealed record AccessToken(string Text, TimeSpan Lifetime);
