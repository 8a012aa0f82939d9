using OcfCloud.Identity.Grants;
using OcfCloud.Identity.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Authorization;

/// <summary>A client asks for scopes of this cloud that it is registered with, be it by asking for none (RFC 6749, 3.3), else <c>invalid_scope</c> (4.1.2.1).</summary>
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
        foreach (var scope in Consent.RequestedScopes(context.Request))
        {
            if (CloudScopes.All.Contains(scope, StringComparer.Ordinal) && client is not null
                && await clients.HasPermissionAsync(client, Permissions.Prefixes.Scope + scope, context.CancellationToken))
            {
                continue;
            }

            context.Reject(Errors.InvalidScope, $"This client may not ask for the scope \"{scope}\".");
            return;
        }
    }
}
