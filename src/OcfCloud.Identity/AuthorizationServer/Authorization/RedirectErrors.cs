using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Authorization;

/// <summary>Sends the errors of an authorization request back to the client, with its <c>state</c>; only where the client or its redirect URI is the
/// error a page shows it (RFC 6749, 4.1.2.1). By itself OpenIddict shows all errors of a request that it refused.</summary>
internal sealed class RedirectErrors(IOpenIddictApplicationManager clients) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyAuthorizationResponseContext>()
        .UseScopedHandler<RedirectErrors>()
        .SetOrder(OpenIddictServerHandlers.Authentication.InferResponseMode.Descriptor.Order + 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (string.IsNullOrEmpty(context.Error) || context.RedirectUri is not null || context.Request is not { ClientId: { Length: > 0 } clientId } request) return;
        if (await clients.FindByClientIdAsync(clientId, context.CancellationToken) is not { } client) return;
        if (await RedirectUriOf(client, request, context.CancellationToken) is not { } redirectUri) return;

        context.RedirectUri = redirectUri;
        context.ResponseMode = ResponseModes.Query;

        // A parameter that came twice is no text: the answer then has none.
        context.Response.State = request.State;
    }

    private async ValueTask<string?> RedirectUriOf(object client, OpenIddictRequest request, CancellationToken cancellationToken)
    {
        if (request.RedirectUri is { Length: > 0 } asked)
        {
            return request.GetParameter(Parameters.RedirectUri) is not null && await clients.ValidateRedirectUriAsync(client, asked, cancellationToken) ? asked : null;
        }

        // RFC 6749, 3.1.2.3: it may be left out where only one is registered.
        var registered = await clients.GetRedirectUrisAsync(client, cancellationToken);
        return request.GetParameter(Parameters.RedirectUri) is null && registered.Length == 1 ? registered[0] : null;
    }
}
