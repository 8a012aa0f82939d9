using OcfCloud.Identity.Grants;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Reuse;

/// <summary>A code that comes a second time, or a refresh token that was superseded longer ago than the leeway, ends its family (RFC 6749, 4.1.2;
/// RFC 9700, 4.14.2).</summary>
/// <remarks>OpenIddict would revoke the tokens that are there at this moment; a refresh under way adds one after it. The grant is what all of them ask for,
/// so it goes first. Who only asks about a token (RFC 7662) ends nothing.</remarks>
internal sealed class EndReusedFamily(IOpenIddictTokenManager tokens, UserGrants grants) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateTokenContext>()
        .AddFilter<OpenIddictServerHandlerFilters.RequireTokenIdResolved>()
        .UseScopedHandler<EndReusedFamily>()
        .SetOrder(OpenIddictServerHandlers.Protection.ValidateTokenEntry.Descriptor.Order - 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.AuthorizationId is not { Length: > 0 } grant
            || await tokens.FindByIdAsync(context.TokenId!, context.CancellationToken) is not { } token
            || !await tokens.HasStatusAsync(token, Statuses.Redeemed, context.CancellationToken)
            || (context.Principal!.HasTokenType(TokenTypeIdentifiers.RefreshToken) && await IsWithinLeewayAsync(token, context)))
        {
            return;
        }

        if (context.EndpointType is not OpenIddictServerEndpointType.Introspection) await grants.RevokeFamilyAsync(grant, context.CancellationToken, "a code or a superseded refresh token came again");
        context.Reject(Errors.InvalidToken, "The token was used before.");
    }

    private async ValueTask<bool> IsWithinLeewayAsync(object token, ValidateTokenContext context) =>
        await tokens.GetRedemptionDateAsync(token, context.CancellationToken) is { } at
        && context.Options.TimeProvider.GetUtcNow() < at + context.Options.RefreshTokenReuseLeeway;
}
