using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.SigningKeys;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.Identity.DeviceClients;

/// <summary>Checks the access tokens of devices that are clients.</summary>
public sealed class DeviceTokens
{
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };
    private static readonly DeviceTokenCheck Refused = new(null, false);

    private readonly Store _store;
    private readonly TokenSigningKeys _keys;
    private readonly IOptions<DeviceClientOptions> _options;
    private readonly TokenValidationParameters _checks;

    internal DeviceTokens(Store store, TokenSigningKeys keys, IOptions<AccessTokenOptions> tokens, IOptions<DeviceClientOptions> options, TimeProvider time)
    {
        (_store, _keys, _options) = (store, keys, options);
        _checks = new TokenValidationParameters
        {
            ValidIssuer = tokens.Value.Issuer,
            ValidTypes = [AccessTokens.Type],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeyResolver = (_, _, keyId, _) => keys.Known(keyId),
            LifetimeValidator = TokenLifetime.By(time),
        };
    }

    /// <summary>Checks a token: signature, type, issuer, audience, time, scope, and that its client is still registered.</summary>
    /// <returns>How it ended, and the client's id.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<DeviceTokenCheck> CheckAsync(string token, CancellationToken cancellationToken)
    {
        if (Read(token) is not { } read) return Refused;
        await _keys.PrepareAsync(read.Kid, cancellationToken);
        var checks = _checks.Clone();
        checks.ValidAudience = _options.Value.Audience;
        if (await Handler.ValidateTokenAsync(read, checks) is not { IsValid: true } || BearerEndpoints.TextOf(read, "client_id") is not { } client) return Refused;
        var isRegistered = await _store.ReadAsync(
            (context, stop) => context.Set<DeviceClientKey>().AnyAsync(key => key.ClientId == client, stop), cancellationToken);
        return isRegistered ? new DeviceTokenCheck(client, BearerEndpoints.ScopesOf(read)?.Contains(DeviceClientOptions.Scope) == true) : Refused;
    }

    private static JsonWebToken? Read(string token)
    {
        try
        {
            return Handler.CanReadToken(token) ? Handler.ReadJsonWebToken(token) : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or SecurityTokenException)
        {
            return null;
        }
    }
}
