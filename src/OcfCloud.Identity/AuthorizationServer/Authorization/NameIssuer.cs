using Microsoft.Extensions.Options;
using OcfCloud.Identity.Tokens;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Authorization;

/// <summary>Writes <c>iss</c> (RFC 9207) in answers as the metadata and the tokens write it: compared as text, a slash at the end counts.</summary>
internal sealed class NameIssuer(IOptions<AccessTokenOptions> tokens) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
        .UseSingletonHandler<NameIssuer>()
        .SetOrder(OpenIddictServerHandlers.Authentication.AttachIssuer.Descriptor.Order + 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.RedirectUri is not null) context.Response.Iss = tokens.Value.Issuer;
        return ValueTask.CompletedTask;
    }
}
