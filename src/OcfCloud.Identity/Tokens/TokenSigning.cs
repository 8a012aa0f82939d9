using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OcfCloud.Identity.SigningKeys;

namespace OcfCloud.Identity.Tokens;

/// <summary>Signs and verifies JWTs of other kinds than access tokens with this cloud's own keys (ES256), which are in the store and the same on every node.</summary>
/// <remarks>The keys are those of access tokens: whoever verifies looks at the header's <c>typ</c> and at the claims as well.</remarks>
public sealed class TokenSigning
{
    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    private readonly TokenSigningKeys _keys;
    private readonly TokenValidationParameters _checks;

    internal TokenSigning(TokenSigningKeys keys)
    {
        _keys = keys;
        _checks = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeyResolver = (_, _, keyId, _) => keys.Known(keyId),
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
        };
    }

    /// <summary>Signs.</summary>
    /// <param name="type">The header's <c>typ</c>.</param>
    /// <param name="claims">All claims, times included.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The compact JWS.</returns>
    /// <exception cref="Core.Storage.StoreUnavailableException">The store does not answer.</exception>
    public async Task<string> SignAsync(string type, IDictionary<string, object> claims, CancellationToken cancellationToken) => Handler.CreateToken(new SecurityTokenDescriptor
    {
        TokenType = type,
        SigningCredentials = await _keys.CurrentAsync(cancellationToken),
        Claims = claims,
    });

    /// <summary>Verifies algorithm (ES256), <c>kid</c> (one of ours), absence of <c>crit</c> and signature; no claim.</summary>
    /// <param name="token">A compact JWS of anybody.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The token; null where it is not ours.</returns>
    /// <exception cref="Core.Storage.StoreUnavailableException">The store does not answer.</exception>
    public async Task<JsonWebToken?> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        // RFC 7515, 4.1.11: what it names has to be understood, and nothing is. Without it b64 (RFC 7797) is nothing either, but nobody means well by it.
        if (Read(token) is not { } read || read.TryGetHeaderValue<object>("crit", out _) || read.TryGetHeaderValue<object>("b64", out _)) return null;
        if (read.Alg != SecurityAlgorithms.EcdsaSha256 || read.Kid.Length == 0) return null;
        await _keys.PrepareAsync(read.Kid, cancellationToken);
        return await Handler.ValidateTokenAsync(read, _checks) is { IsValid: true } ? read : null;
    }

    // A JWE has five parts, a JWS three.
    private static JsonWebToken? Read(string token)
    {
        try
        {
            return token.Count(character => character == '.') == 2 && Handler.CanReadToken(token) ? Handler.ReadJsonWebToken(token) : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or SecurityTokenException)
        {
            return null;
        }
    }
}
