using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Exchange;

/// <summary>A client that is not public has proven itself: by its secret, or as a device. A certificate that is nobody's proves nothing.</summary>
/// <remarks>Takes the place of OpenIddict's check of certificates: those of peer clouds are the door's to check, those of devices are <see cref="ProveDevice"/>'s.</remarks>
internal sealed class RequireProof(IOpenIddictApplicationManager clients) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
        .AddFilter<OpenIddictServerHandlerFilters.RequireClientIdParameter>()
        .UseScopedHandler<RequireProof>()
        .SetOrder(OpenIddictServerHandlers.ValidateClientCertificate.Descriptor.Order)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.EndpointType is not (OpenIddictServerEndpointType.Token or OpenIddictServerEndpointType.Introspection or OpenIddictServerEndpointType.Revocation)) return;

        // A secret was checked by the handler before this one.
        if (context.ClientAssertionPrincipal is not null || !string.IsNullOrEmpty(context.ClientSecret)) return;
        if (await clients.FindByClientIdAsync(context.ClientId!, context.CancellationToken) is { } client
            && !await clients.HasClientTypeAsync(client, ClientTypes.Public, context.CancellationToken))
        {
            context.Reject(Errors.InvalidClient, "The client has to prove who it is.");
        }
    }
}
