using Microsoft.IdentityModel.JsonWebTokens;

namespace OcfCloud.Identity.Tokens;

/// <summary>Signs and verifies JWTs of other kinds than access tokens with this cloud's own keys (ES256), which are in the store and the same on every node.</summary>
public sealed class TokenSigning
{
    internal TokenSigning()
    {
    }

    /// <summary>Signs.</summary>
    /// <param name="type">The header's <c>typ</c>.</param>
    /// <param name="claims">All claims, times included.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The compact JWS.</returns>
    public Task<string> SignAsync(string type, IDictionary<string, object> claims, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Verifies algorithm (ES256), <c>kid</c> (one of ours), absence of <c>crit</c> and signature; no claim.</summary>
    /// <param name="token">A compact JWS of anybody.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The token; null where it is not ours.</returns>
    public Task<JsonWebToken?> VerifyAsync(string token, CancellationToken cancellationToken) => throw new NotImplementedException();
}
