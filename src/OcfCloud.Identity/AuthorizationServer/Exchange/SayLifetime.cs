using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Exchange;

/// <summary>Says how long an access token is good for as it was set (RFC 6749, 5.1). OpenIddict counts down from the token's end, which is in whole seconds,
/// and so says one less.</summary>
internal sealed class SayLifetime : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
        .UseSingletonHandler<SayLifetime>()
        .SetOrder(OpenIddictServerHandlers.AttachSignInParameters.Descriptor.Order + 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.IncludeAccessToken && context.AccessTokenPrincipal is { } token && token.GetExpirationDate() is { } end && token.GetCreationDate() is { } made)
            context.Response.ExpiresIn = (long)(end - made).TotalSeconds;
        return ValueTask.CompletedTask;
    }
}
