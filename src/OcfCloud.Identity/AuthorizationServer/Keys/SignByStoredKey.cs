using Microsoft.Extensions.Options;
using OcfCloud.Identity.SigningKeys;
using OcfCloud.Identity.Tokens;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Keys;

/// <summary>Signs access tokens by the key of the store that signs now, in the name that the metadata has. All other tokens are Data Protection's.</summary>
internal sealed class SignByStoredKey(TokenSigningKeys keys, IOptions<AccessTokenOptions> tokens) : IOpenIddictServerHandler<GenerateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<GenerateTokenContext>()
        .UseSingletonHandler<SignByStoredKey>()
        .SetOrder(OpenIddictServerHandlers.Protection.AttachTokenMetadata.Descriptor.Order + 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType != TokenTypeIdentifiers.AccessToken) return;
        context.SigningCredentials = await keys.CurrentAsync(context.CancellationToken);
        context.SecurityTokenDescriptor.SigningCredentials = context.SigningCredentials;
        context.SecurityTokenDescriptor.Issuer = tokens.Value.Issuer;
    }
}
