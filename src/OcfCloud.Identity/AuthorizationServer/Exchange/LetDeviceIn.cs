using System.Security.Claims;
using Microsoft.Extensions.Options;
using OcfCloud.Identity.DeviceClients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Exchange;

/// <summary>Gives a device that proved itself an access token of its own (RFC 6749, 4.4), for uplinks and nothing else.</summary>
internal sealed class LetDeviceIn(IOptions<DeviceClientOptions> options) : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<HandleTokenRequestContext>()
        .UseSingletonHandler<LetDeviceIn>()
        .SetOrder(OpenIddictServerHandlers.Exchange.AttachPrincipal.Descriptor.Order + 1)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        if (!context.Request.IsClientCredentialsGrantType()) return ValueTask.CompletedTask;
        var identity = new ClaimsIdentity("device", Claims.Subject, Claims.Role);
        identity.AddClaim(new Claim(Claims.Subject, context.Request.ClientId!));
        identity.SetScopes(DeviceClientOptions.Scope);
        identity.SetResources(options.Value.Audience);
        identity.SetAccessTokenLifetime(options.Value.AccessTokenLifetime);
        context.Principal = new ClaimsPrincipal(identity);

        // RFC 6749, 5.1: what a device did not ask for is named.
        context.Parameters[Parameters.Scope] = DeviceClientOptions.Scope;
        return ValueTask.CompletedTask;
    }
}
