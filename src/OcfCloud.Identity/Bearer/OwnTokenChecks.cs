using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OcfCloud.Core.Devices;
using OcfCloud.Identity.Grants;
using OcfCloud.Identity.SigningKeys;
using OcfCloud.Identity.Tokens;
using OpenIddict.Abstractions;

namespace OcfCloud.Identity.Bearer;

/// <summary>How tokens of this cloud are checked: RFC 9068, 4.</summary>
internal sealed class OwnTokenChecks(TokenSigningKeys keys, IOptions<AccessTokenOptions> tokens, TimeProvider time) : IConfigureNamedOptions<JwtBearerOptions>
{
    public void Configure(JwtBearerOptions options)
    {
    }

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (name != BearerSchemes.Own)
        {
            return;
        }

        options.MapInboundClaims = false;
        options.Challenge = BearerSchemes.Challenge;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = tokens.Value.Issuer,
            ValidAudience = AccessTokens.Audience,
            ValidTypes = [AccessTokens.Type],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeyResolver = (_, _, keyId, _) => keys.Known(keyId),
            LifetimeValidator = TokenLifetime.By(time),
        };
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = FetchKeyAsync,
            OnTokenValidated = RecogniseAsync,
            OnChallenge = BearerEndpoints.ExplainAsync,
            OnForbidden = BearerEndpoints.NameMissingScopeAsync,
        };
    }

    // The resolver cannot wait; so the key is fetched before it is asked.
    private async Task FetchKeyAsync(MessageReceivedContext context)
    {
        if (BearerEndpoints.TokenOf(context.Request) is { Kid: { Length: > 0 and <= 64 } keyId })
        {
            await keys.PrepareAsync(keyId, context.HttpContext.RequestAborted);
        }
    }

    private static async Task RecogniseAsync(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        var users = context.HttpContext.RequestServices.GetRequiredService<KnownUsers>();
        if (!UserId.TryParse(token.Subject, out var user) || !await users.ExistsAsync(user, context.HttpContext.RequestAborted))
        {
            context.Fail("The token's user is not there.");
            return;
        }

        var client = BearerEndpoints.TextOf(token, "client_id");
        var tokenId = BearerEndpoints.TextOf(token, OpenIddictConstants.Claims.Private.TokenId);
        if (tokenId is not null)
        {
            // The authorization server's; what commands issue is no entry there.
            var revoked = context.HttpContext.RequestServices.GetRequiredService<RevokedTokens>();
            if (client is null || await revoked.ContainsAsync(tokenId, client, context.HttpContext.RequestAborted))
            {
                context.Fail("The token was revoked.");
                return;
            }

            context.HttpContext.RequestServices.GetRequiredService<ClientCalls>().Note(user, client);
        }

        context.Principal = new Caller(user, client, BearerEndpoints.ScopesOf(token)) { IsGranted = tokenId is not null }.ToPrincipal(BearerEndpoints.TextOf(token, "name"));
    }
}
