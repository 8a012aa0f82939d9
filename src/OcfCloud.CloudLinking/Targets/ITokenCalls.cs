using OcfCloud.CloudLinking.LinkedClouds;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>Calls to a Target's authorization server, with Basic authentication of our client (RFC 6749, 2.3.1: id and secret form-urlencoded first).</summary>
internal interface ITokenCalls
{
    /// <summary>Exchanges an authorization code (RFC 6749, 4.1.3; 30118-10, 7.1).</summary>
    Task<TokenOutcome> ExchangeCodeAsync(LinkedCloud cloud, string code, string verifier, string redirectUri, CancellationToken cancellationToken);

    /// <summary>Refreshes (RFC 6749, 6).</summary>
    Task<TokenOutcome> RefreshAsync(LinkedCloud cloud, string refreshToken, CancellationToken cancellationToken);

    /// <summary>Revokes (RFC 7009).</summary>
    /// <returns>Whether it is done, or there is nothing to be done; false: worth another try.</returns>
    Task<bool> RevokeAsync(LinkedCloud cloud, string token, bool isRefreshToken, CancellationToken cancellationToken);
}
