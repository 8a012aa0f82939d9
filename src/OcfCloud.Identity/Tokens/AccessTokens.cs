using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OcfCloud.Core.Devices;
using OcfCloud.Identity.SigningKeys;

namespace OcfCloud.Identity.Tokens;

/// <summary>Issues this cloud's access tokens: JWTs of RFC 9068, signed with ES256.</summary>
public sealed class AccessTokens
{
    /// <summary>The audience of tokens for this cloud's APIs.</summary>
    public const string Audience = "ocfcloud";

    /// <summary>The header's <c>typ</c> (RFC 9068, 2.1): an ID token or anything else that this key signs is no access token.</summary>
    public const string Type = "at+jwt";

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly TokenSigningKeys _keys;
    private readonly AccessTokenOptions _options;
    private readonly TimeProvider _time;

    internal AccessTokens(TokenSigningKeys keys, IOptions<AccessTokenOptions> options, TimeProvider time)
    {
        _keys = keys;
        _options = options.Value;
        _time = time;
    }

    /// <summary>Issues a token.</summary>
    /// <param name="user">Whose it is (<c>sub</c>).</param>
    /// <param name="userName">The user's name, for logs and pages.</param>
    /// <param name="client">The program that will use it (<c>client_id</c>); access rules name it.</param>
    /// <param name="scopes">What it is good for.</param>
    /// <param name="lifetime">How long; null = the setting's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException">The lifetime is not above zero or longer than a signing key's.</exception>
    /// <exception cref="Core.Storage.StoreUnavailableException">The store does not answer.</exception>
    public async Task<AccessToken> IssueAsync(UserId user, string userName, string client, ScopeSet scopes, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        var lives = lifetime ?? _options.AccessTokenLifetime;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lives, TimeSpan.Zero, nameof(lifetime));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lives, _options.SigningKeyLifetime, nameof(lifetime));
        var now = _time.GetUtcNow();
        var descriptor = new SecurityTokenDescriptor
        {
            TokenType = Type,
            SigningCredentials = await _keys.CurrentAsync(cancellationToken),
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                [JwtRegisteredClaimNames.Iss] = _options.Issuer,
                [JwtRegisteredClaimNames.Aud] = Audience,
                [JwtRegisteredClaimNames.Sub] = user.ToString(),
                [JwtRegisteredClaimNames.Name] = userName,
                [JwtRegisteredClaimNames.Iat] = now.ToUnixTimeSeconds(),
                [JwtRegisteredClaimNames.Exp] = (now + lives).ToUnixTimeSeconds(),
                [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
                ["client_id"] = client,
                ["scope"] = scopes.ToString(),
            },
        };
        return new AccessToken(Handler.CreateToken(descriptor), lives);
    }
}
