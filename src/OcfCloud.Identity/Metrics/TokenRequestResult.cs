namespace OcfCloud.Identity.Metrics;

/// <summary>How a request to the token endpoint ended (RFC 6749, 5.1 and 5.2).</summary>
internal enum TokenRequestResult
{
    /// <summary>A code was redeemed.</summary>
    AuthorizationCode,

    /// <summary>A refresh token was redeemed.</summary>
    RefreshToken,

    /// <summary>A camera proved itself.</summary>
    ClientCredentials,

    /// <summary><c>invalid_client</c>.</summary>
    InvalidClient,

    /// <summary><c>invalid_grant</c>: a code or token that is unknown, expired, used or revoked.</summary>
    InvalidGrant,

    /// <summary>Any other error.</summary>
    OtherError,
}
