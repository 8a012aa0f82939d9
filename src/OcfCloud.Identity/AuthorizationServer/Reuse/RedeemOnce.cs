using OcfCloud.Identity.Grants;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Reuse;

/// <summary>Marks the code or refresh token of a token request as used before anything is issued for it. Of several who bring one code at the same moment
/// one gets tokens, and since somebody else had the code too, these end with it (RFC 6749, 4.1.2).</summary>
/// <remarks>Takes the place of OpenIddict's handler, which refuses the others and leaves the first one's tokens good. A refresh token may be brought twice
/// within the leeway.</remarks>
internal sealed class RedeemOnce(IOpenIddictTokenManager tokens, UserGrants grants) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessSignInContext>()
        .UseScopedHandler<RedeemOnce>()
        .SetOrder(OpenIddictServerHandlers.RedeemTokenEntry.Descriptor.Order)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token) return;
        var brought = context.Transaction.GetProperty<ProcessAuthenticationContext>(typeof(ProcessAuthenticationContext).FullName!)!;
        var isCode = context.Request.IsAuthorizationCodeGrantType();
        var principal = isCode ? brought.AuthorizationCodePrincipal : brought.RefreshTokenPrincipal;
        if (principal?.GetTokenId() is not { Length: > 0 } id || await tokens.FindByIdAsync(id, context.CancellationToken) is not { } token) return;
        if (await tokens.TryRedeemAsync(token, context.CancellationToken) || !isCode) return;
        if (principal.GetAuthorizationId() is { Length: > 0 } grant) await grants.RevokeFamilyAsync(grant, context.CancellationToken, "a code came twice");
        context.Reject(Errors.InvalidGrant, "The code was used before.");
    }
}
