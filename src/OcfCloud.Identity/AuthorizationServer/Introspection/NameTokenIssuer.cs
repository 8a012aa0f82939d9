using Microsoft.Extensions.Options;
using OcfCloud.Identity.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Introspection;

/// <summary>Writes <c>iss</c> as the tokens themselves write it: compared as text, a slash at the end counts.</summary>
internal sealed class NameTokenIssuer(IOptions<AccessTokenOptions> tokens) : IOpenIddictServerHandler<ApplyIntrospectionResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyIntrospectionResponseContext>()
        .UseSingletonHandler<NameTokenIssuer>()
        .SetOrder(int.MinValue + 1000)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(ApplyIntrospectionResponseContext context)
    {
        // Of a token that is not active nothing else is said (RFC 7662, 2.2).
        if (context.Response.HasParameter(OpenIddictConstants.Claims.Issuer)) context.Response[OpenIddictConstants.Claims.Issuer] = tokens.Value.Issuer;
        return ValueTask.CompletedTask;
    }
}
