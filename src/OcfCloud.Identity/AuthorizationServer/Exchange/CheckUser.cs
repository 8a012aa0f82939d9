using OcfCloud.Core.Devices;
using OcfCloud.Identity.Users;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Exchange;

/// <summary>A user who is gone gets no more tokens, whatever code or refresh token is left.</summary>
internal sealed class CheckUser(UserAccounts users) : IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenRequestContext>()
        .UseSingletonHandler<CheckUser>()
        .SetOrder(CheckTokenScopes.Descriptor.Order + 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        // A device is let in for itself.
        if (context.Request.IsClientCredentialsGrantType()) return;
        var subject = (context.AuthorizationCodePrincipal ?? context.RefreshTokenPrincipal)?.GetClaim(OpenIddictConstants.Claims.Subject);
        if (!UserId.TryParse(subject, out var user) || await users.FindAsync(user, context.CancellationToken) is null)
            context.Reject(OpenIddictConstants.Errors.InvalidGrant, "The user is not there any more.");
    }
}
