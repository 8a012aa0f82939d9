using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OcfCloud.Identity.Bearer;

/// <summary>How tokens of the external authority are checked: by the keys that its discovery document names (OpenID Connect Discovery, 4).</summary>
internal sealed class ExternalTokenChecks(IOptions<ExternalAuthorityOptions> authority, TimeProvider time) : IConfigureNamedOptions<JwtBearerOptions>
{
    public void Configure(JwtBearerOptions options)
    {
    }

    public void Configure(string? name, JwtBearerOptions options)
    {
        if (name != BearerSchemes.External || authority.Value is not { Authority: { } issuer } external)
        {
            return;
        }

        options.MapInboundClaims = false;
        options.Challenge = BearerSchemes.Challenge;
        options.Authority = issuer;
        options.RequireHttpsMetadata = issuer.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        options.BackchannelTimeout = external.Timeout;
        options.BackchannelHttpHandler = BackchannelTo(external.TrustAnchors);
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = issuer,
            ValidAudience = external.Audience,
            ValidAlgorithms =
            [
                SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
                SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
                SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
            ],
            LifetimeValidator = TokenLifetime.By(time),
        };
        options.Events = new JwtBearerEvents
        {
            OnMessageReceived = FetchKeysAsync,
            OnTokenValidated = context => RecogniseAsync(context, external.UserClaim),
            OnChallenge = BearerEndpoints.ExplainAsync,
            OnForbidden = BearerEndpoints.NameMissingScopeAsync,
        };
    }

    // The check itself takes keys that cannot be fetched for a bad signature: so they are asked for before it. What was fetched once stays good.
    private static async Task FetchKeysAsync(MessageReceivedContext context)
    {
        try
        {
            await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
        }
        catch (InvalidOperationException e)
        {
            throw new AuthorityUnavailableException(e);
        }
    }

    private static async Task RecogniseAsync(TokenValidatedContext context, string userClaim)
    {
        var token = (JsonWebToken)context.SecurityToken;
        var users = context.HttpContext.RequestServices.GetRequiredService<KnownUsers>();
        if (BearerEndpoints.TextOf(token, userClaim) is not { } name || await users.EnsureAsync(name, context.HttpContext.RequestAborted) is not { } user)
        {
            context.Fail($"The token has no {userClaim} that can be a user's name.");
            return;
        }

        var client = BearerEndpoints.TextOf(token, "client_id") ?? BearerEndpoints.TextOf(token, "azp");
        context.Principal = new Caller(user, client, BearerEndpoints.ScopesOf(token)).ToPrincipal(name);
    }

    private static SocketsHttpHandler BackchannelTo(X509Certificate2Collection anchors)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        if (anchors.Count > 0)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => errors == SslPolicyErrors.None
                || (errors == SslPolicyErrors.RemoteCertificateChainErrors && certificate is X509Certificate2 leaf && IsSignedBy(anchors, leaf, chain));
        }

        return handler;
    }

    private static bool IsSignedBy(X509Certificate2Collection anchors, X509Certificate2 leaf, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(anchors);
        chain.ChainPolicy.ExtraStore.AddRange(anchors);
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(leaf);
    }
}
