using System.Security.Claims;
using OcfCloud.Identity.DeviceClients;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Exchange;

/// <summary>A device proves which client it is: by an assertion that its key signed (RFC 7523, 2.2), or by the key of the connection's certificate (RFC 8705, 2).</summary>
/// <remarks>Takes the place of OpenIddict's checks of assertions, which know neither of assertions that are good once nor of keys that are the device's alone.
/// Other clients bring no assertions.</remarks>
internal sealed class ProveDevice(ClientAssertions assertions, DeviceClientRegister register) : IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ProcessAuthenticationContext>()
        .UseSingletonHandler<ProveDevice>()
        .SetOrder(OpenIddictServerHandlers.ValidateClientAssertion.Descriptor.Order)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        string? client;
        if (context.ClientAssertion is { Length: > 0 } assertion)
        {
            client = context.EndpointType == OpenIddictServerEndpointType.Token && context.ClientAssertionType == ClientAssertionTypes.JwtBearer
                ? await assertions.AcceptAsync(assertion, context.ClientId, context.CancellationToken)
                : null;
            if (client is null)
            {
                context.Reject(Errors.InvalidClient, "The client assertion is not taken.");
                return;
            }
        }
        else
        {
            client = await OfCertificateAsync(context);
            if (client is null) return;
            if (context.ClientId is { Length: > 0 } named && named != client)
            {
                context.Reject(Errors.InvalidClient, "The connection's certificate is another client's.");
                return;
            }
        }

        context.Request!.ClientId = client;
        context.ClientAssertionPrincipal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(Claims.Subject, client)], "device"));
    }

    // A peer cloud has a certificate as well, and a secret beside it.
    private async ValueTask<string?> OfCertificateAsync(ProcessAuthenticationContext context) =>
        context.EndpointType == OpenIddictServerEndpointType.Token && context.Request.IsClientCredentialsGrantType()
            && context.Transaction.RemoteCertificate is { } certificate && string.IsNullOrEmpty(context.ClientSecret)
            ? await register.FindAsync(certificate, context.CancellationToken)
            : null;
}
