using Microsoft.IdentityModel.Tokens;
using OcfCloud.Identity.SigningKeys;
using OcfCloud.Identity.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Keys;

/// <summary>Verifies access tokens that clients bring to introspection and revocation by the keys of the store, as the API's checks do.</summary>
internal sealed class VerifyByStoredKeys(TokenSigningKeys keys) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
        .UseSingletonHandler<VerifyByStoredKeys>()
        .SetOrder(OpenIddictServerHandlers.Protection.ResolveTokenValidationParameters.Descriptor.Order + 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        // Client assertions are signed by clients; only what may be an access token is ours.
        if (context.TokenValidationParameters is not { } parameters
            || (context.ValidTokenTypes.Count > 0 && !context.ValidTokenTypes.Contains(TokenTypeIdentifiers.AccessToken)))
        {
            return;
        }

        parameters.IssuerSigningKeys = await keys.AllAsync(context.CancellationToken);
        parameters.ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256];
        parameters.ValidTypes = [AccessTokens.Type];
    }
}
