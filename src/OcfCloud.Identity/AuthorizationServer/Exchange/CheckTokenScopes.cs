using OcfCloud.Identity.DeviceClients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Exchange;

/// <summary>A token request asks for no more than was granted (RFC 6749, 6).</summary>
/// <remarks>OCF clouds send <c>scope</c> with an authorization code as well (ISO/IEC 30118-10, 7.1). There it changes nothing: the tokens have all that the user
/// allowed. With a refresh token it narrows the access token.</remarks>
internal sealed class CheckTokenScopes : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenRequestContext>()
        .UseSingletonHandler<CheckTokenScopes>()
        .SetOrder(OpenIddictServerHandlers.Exchange.ValidateGrantedScopes.Descriptor.Order + 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (context.Request.IsClientCredentialsGrantType())
        {
            if (!context.Request.GetScopes().All(scope => scope == DeviceClientOptions.Scope))
                context.Reject(OpenIddictConstants.Errors.InvalidScope, $"A device may ask for the scope \"{DeviceClientOptions.Scope}\" alone.");
            return ValueTask.CompletedTask;
        }

        var granted = context.AuthorizationCodePrincipal ?? context.RefreshTokenPrincipal;
        if (!context.Request.GetScopes().All(scope => granted?.HasScope(scope) == true))
            context.Reject(OpenIddictConstants.Errors.InvalidScope, "The parameter \"scope\" names more than was granted.");
        return ValueTask.CompletedTask;
    }
}
