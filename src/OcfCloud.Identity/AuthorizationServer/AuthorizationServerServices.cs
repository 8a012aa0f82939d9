using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.AuthorizationServer.Authorization;
using OcfCloud.Identity.AuthorizationServer.Exchange;
using OcfCloud.Identity.AuthorizationServer.Introspection;
using OcfCloud.Identity.AuthorizationServer.Keys;
using OcfCloud.Identity.AuthorizationServer.Metadata;
using OcfCloud.Identity.AuthorizationServer.Requests;
using OcfCloud.Identity.AuthorizationServer.Reuse;
using OcfCloud.Identity.AuthorizationServer.Revocation;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Identity.Grants;
using OcfCloud.Identity.Metrics;
using OcfCloud.Identity.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer;

/// <summary>Brings the authorization server into the host's container (cloud-to-cloud.md, 1.2).</summary>
public static class AuthorizationServerServices
{
    /// <summary>Adds it, beside <c>AddCloudIdentity</c> and <c>AddCloudBearerChecks</c>. The page behind <see cref="OAuthPaths.Authorization"/> is the console's.</summary>
    public static IServiceCollection AddCloudAuthorizationServer(this IServiceCollection services, Action<AuthorizationServerOptions> configure)
    {
        services.Configure(configure);
        services.AddSingleton<IRoomMetrics>(provider => provider.GetRequiredService<IdentityMetrics>());
        services.AddHostedService(provider => provider.GetRequiredService<ClientCalls>());
        services.AddHostedService<ExpiredGrants>();
        services.TryAddSingleton<ClientAssertions>();
        services.AddOpenIddict().AddServer(server =>
        {
            server.SetAuthorizationEndpointUris(Relative(OAuthPaths.Authorization))
                .SetTokenEndpointUris(Relative(OAuthPaths.Token))
                .SetRevocationEndpointUris(Relative(OAuthPaths.Revocation))
                .SetIntrospectionEndpointUris(Relative(OAuthPaths.Introspection))
                .SetJsonWebKeySetEndpointUris(Relative(OAuthPaths.JsonWebKeySet))
                .SetConfigurationEndpointUris([.. OAuthPaths.MetadataDocuments.Select(Relative)]);
            server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow();

            // Codes and refresh tokens are sealed by the key ring, which all nodes share. Access tokens are JWTs that any resource server can check.
            server.UseDataProtection().PreferDefaultAccessTokenFormat();
            server.DisableAccessTokenEncryption();
            AddHandlers(server);
            server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableErrorPassthrough()
                .SetRealm(BearerSchemes.Realm);
        });
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>, ServerSetUp>();
        return services;
    }

    /// <summary>Tells trouble of the store, forms that cannot be read and clients that are just being removed from bugs, where OpenIddict reads by itself. It comes before authentication.</summary>
    public static IApplicationBuilder UseCloudAuthorizationServer(this IApplicationBuilder app)
    {
        var store = app.ApplicationServices.GetRequiredService<Store>();
        return app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Exception e) when (e is not StoreUnavailableException && store.IsUnavailable(e))
            {
                throw new StoreUnavailableException("The store does not answer.", e);
            }
            catch (Exception e) when (UnreadableForms.IsOne(e))
            {
                await UnreadableForms.RefuseAsync(context, e);
            }
            catch (Exception) when (RemovedClients.MayBeOne(context))
            {
                if (!await RemovedClients.TryRefuseAsync(context, store)) throw;
            }
        });
    }

    /// <summary>Adds OpenIddict's stores: what commands need as well as the host.</summary>
    internal static void AddStores(IServiceCollection services) => services.AddOpenIddict().AddCore(core =>
    {
        core.UseEntityFrameworkCore().UseDbContext<CloudDbContext>();

        // A command or another node changes clients and tokens: what is remembered here would be wrong.
        core.DisableEntityCaching();
    });

    private static void AddHandlers(OpenIddictServerBuilder server)
    {
        server.AddEventHandler(RefuseRepeatedParameters<ValidateAuthorizationRequestContext>.Descriptor);
        server.AddEventHandler(RefuseRepeatedParameters<ValidateTokenRequestContext>.Descriptor);
        server.AddEventHandler(RefuseRepeatedParameters<ValidateRevocationRequestContext>.Descriptor);
        server.AddEventHandler(RefuseRepeatedParameters<ValidateIntrospectionRequestContext>.Descriptor);
        server.AddEventHandler(RequireState.Descriptor);
        server.AddEventHandler(CheckRequestedScopes.Descriptor);
        server.AddEventHandler(RedirectErrors.Descriptor);
        server.AddEventHandler(NameIssuer.Descriptor);
        server.RemoveEventHandler(OpenIddictServerHandlers.Exchange.ValidateScopeParameter.Descriptor);
        server.RemoveEventHandler(OpenIddictServerHandlers.Exchange.ValidateScopePermissions.Descriptor);
        server.RemoveEventHandler(OpenIddictServerHandlers.Exchange.ValidateGrantedScopes.Descriptor);
        server.RemoveEventHandler(OpenIddictServerHandlers.ValidateClientAssertion.Descriptor);
        server.RemoveEventHandler(OpenIddictServerHandlers.ValidateClientAssertionWellknownClaims.Descriptor);
        server.RemoveEventHandler(OpenIddictServerHandlers.ValidateClientAssertionIssuer.Descriptor);
        server.AddEventHandler(ProveDevice.Descriptor);
        server.RemoveEventHandler(OpenIddictServerHandlers.ValidateClientCertificate.Descriptor);
        server.AddEventHandler(RequireProof.Descriptor);
        server.AddEventHandler(CheckTokenScopes.Descriptor);
        server.AddEventHandler(CheckUser.Descriptor);
        server.AddEventHandler(LetDeviceIn.Descriptor);
        server.AddEventHandler(SayLifetime.Descriptor);
        server.AddEventHandler(CountTokens.Descriptor);
        server.AddEventHandler(EndReusedFamily.Descriptor);
        server.RemoveEventHandler(OpenIddictServerHandlers.RedeemTokenEntry.Descriptor);
        server.AddEventHandler(RedeemOnce.Descriptor);
        server.AddEventHandler(NameScopes.Descriptor);
        server.AddEventHandler(NameTokenIssuer.Descriptor);
        server.AddEventHandler(SignByStoredKey.Descriptor);
        server.AddEventHandler(VerifyByStoredKeys.Descriptor);
        server.AddEventHandler(PublishStoredKeys.Descriptor);
        server.AddEventHandler(DescribeServer.Descriptor);
        server.AddEventHandler(NameServer.Descriptor);
        server.AddEventHandler(RevokeFamily.Descriptor);
    }

    private static string Relative(string path) => path[1..];

    /// <summary>What depends on other options.</summary>
    private sealed class ServerSetUp(IOptions<AccessTokenOptions> tokens, IOptions<AuthorizationServerOptions> options, TimeProvider time) : IConfigureOptions<OpenIddictServerOptions>
    {
        public void Configure(OpenIddictServerOptions server)
        {
            server.TimeProvider = time;
            server.Issuer = new Uri(tokens.Value.Issuer);
            server.AccessTokenLifetime = tokens.Value.AccessTokenLifetime;
            server.RefreshTokenLifetime = options.Value.RefreshTokenLifetime;
            server.AuthorizationCodeLifetime = options.Value.AuthorizationCodeLifetime;
            server.RefreshTokenReuseLeeway = options.Value.RefreshTokenLeeway;

            // "plain" would let whoever saw the request redeem the code (RFC 9700, 2.1.1).
            server.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain);
            server.PromptValues.Remove(PromptValues.SelectAccount);
            server.ResponseModes.IntersectWith([ResponseModes.Query]);
            server.ClientAuthenticationMethods.IntersectWith([ClientAuthenticationMethods.ClientSecretBasic, ClientAuthenticationMethods.ClientSecretPost]);
            server.Scopes.Clear();
            server.Scopes.UnionWith(CloudScopes.All);
            server.Scopes.Add(DeviceClientOptions.Scope);

            // OpenIddict wants keys of its own; SignByStoredKey and Data Protection leave them without use, so they are this process's alone.
            server.SigningCredentials.Add(new SigningCredentials(new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)), SecurityAlgorithms.EcdsaSha256));
            server.EncryptionCredentials.Add(new EncryptingCredentials(
                new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)), SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
        }
    }
}
