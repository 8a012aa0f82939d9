using Microsoft.IdentityModel.Tokens;
using OcfCloud.Identity.SigningKeys;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Keys;

/// <summary>Shows the public halves of all keys of the store that still verify (RFC 7517).</summary>
internal sealed class PublishStoredKeys(TokenSigningKeys keys) : IOpenIddictServerHandler<HandleJsonWebKeySetRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<HandleJsonWebKeySetRequestContext>()
        .UseSingletonHandler<PublishStoredKeys>()
        .SetOrder(OpenIddictServerHandlers.Discovery.AttachSigningKeys.Descriptor.Order + 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(HandleJsonWebKeySetRequestContext context)
    {
        // Whoever asks before the first token finds the key that will sign it.
        await keys.CurrentAsync(context.CancellationToken);
        context.Keys.Clear();
        foreach (var key in await keys.AllAsync(context.CancellationToken))
        {
            var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
            context.Keys.Add(new JsonWebKey
            {
                Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
                Use = JsonWebKeyUseNames.Sig,
                Alg = SecurityAlgorithms.EcdsaSha256,
                Kid = key.KeyId,
                Crv = JsonWebKeyECTypes.P256,
                X = Base64UrlEncoder.Encode(point.X),
                Y = Base64UrlEncoder.Encode(point.Y),
            });
        }
    }
}
