using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Identity.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Metadata;

/// <summary>Names the endpoints by this cloud's public URL, not by the name that the request happened to use.</summary>
internal sealed class DescribeServer(IOptions<AccessTokenOptions> tokens, IOptions<DeviceClientOptions> devices) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    private static readonly ImmutableArray<string?> SigningAlgorithms = ["ES256", "ES384", "RS256", "PS256"];

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<HandleConfigurationRequestContext>()
        .UseSingletonHandler<DescribeServer>()
        .SetOrder(OpenIddictServerHandlers.Discovery.AttachAdditionalMetadata.Descriptor.Order + 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        context.AuthorizationEndpoint = Of(OAuthPaths.Authorization);
        context.TokenEndpoint = Of(OAuthPaths.Token);
        context.RevocationEndpoint = Of(OAuthPaths.Revocation);
        context.IntrospectionEndpoint = Of(OAuthPaths.Introspection);
        context.JsonWebKeySetEndpoint = Of(OAuthPaths.JsonWebKeySet);

        // A public client names itself and proves nothing else (RFC 8414, 2).
        context.TokenEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);
        context.RevocationEndpointAuthenticationMethods.Add(ClientAuthenticationMethods.None);

        // Devices prove themselves by keys of their own, with whatever certificate they have for it.
        context.TokenEndpointAuthenticationMethods.UnionWith(
            [ClientAuthenticationMethods.PrivateKeyJwt, ClientAuthenticationMethods.TlsClientAuth, ClientAuthenticationMethods.SelfSignedTlsClientAuth]);
        context.Metadata["token_endpoint_auth_signing_alg_values_supported"] = SigningAlgorithms;
        if (devices.Value.MutualTlsTokenEndpoint is { } alias) context.MtlsTokenEndpointAlias = new Uri(alias);
        return ValueTask.CompletedTask;
    }

    private Uri Of(string path) => new(tokens.Value.Issuer + path);
}
