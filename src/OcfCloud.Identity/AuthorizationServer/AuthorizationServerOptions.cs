namespace OcfCloud.Identity.AuthorizationServer;

/// <summary>The times of the authorization server; those of access tokens are in <see cref="Tokens.AccessTokenOptions"/>.</summary>
public sealed class AuthorizationServerOptions
{
    /// <summary>How long a refresh token is good for, from its issue on; each use issues another. Default 90 days.</summary>
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long an authorization code is good for. Default one minute (RFC 6749, 4.1.2: ten at most).</summary>
    public TimeSpan AuthorizationCodeLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a superseded refresh token is still taken: an answer can get lost. Its use after that ends the family. Default 30 seconds.</summary>
    public TimeSpan RefreshTokenLeeway { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long knowledge of revoked tokens and of clients is used without asking the store. Default two seconds.</summary>
    public TimeSpan RevocationCheckInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often calls are noted and expired rows removed. Default ten seconds and one hour.</summary>
    public TimeSpan CallWritePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="CallWritePeriod"/>
    public TimeSpan PrunePeriod { get; set; } = TimeSpan.FromHours(1);
}
