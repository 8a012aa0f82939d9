namespace OcfCloud.Identity.Tokens;

/// <summary>How this cloud's access tokens are made.</summary>
public sealed class AccessTokenOptions
{
    /// <summary>The issuer: this cloud's public URL without a trailing slash.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>Lifetime where none is asked for. Default ten minutes.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a key signs new tokens; no token lives longer, so a key verifies for twice this time. Default 90 days.</summary>
    public TimeSpan SigningKeyLifetime { get; set; } = TimeSpan.FromDays(90);
}
