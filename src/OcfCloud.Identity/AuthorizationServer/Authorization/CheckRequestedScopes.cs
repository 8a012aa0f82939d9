using OcfCloud.Identity.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Authorization;

/// <summary>A client asks for scopes of this cloud that it is registered with, else <c>invalid_scope</c> (RFC 6749, 4.1.2.1).</summary>
internal sealed class CheckRequestedScopes(IOpenIddictApplicationManager clients) : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
        .UseScopedHandler<CheckRequestedScopes>()
        .SetOrder(RequireState.Descriptor.Order + 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        var client = await clients.FindByClientIdAsync(context.ClientId!, context.CancellationToken);
        foreach (var scope in context.Request.GetScopes())
        {
            if (CloudScopes.All.Contains(scope, StringComparer.Ordinal) && client is not null
                && await clients.HasPermissionAsync(client, Permissions.Prefixes.Scope + scope, context.CancellationToken))
            {
                continue;
            }

            context.Reject(Errors.InvalidScope, "The parameter \"scope\" names something that this client may not ask for.");
            return;
        }
    }
}
