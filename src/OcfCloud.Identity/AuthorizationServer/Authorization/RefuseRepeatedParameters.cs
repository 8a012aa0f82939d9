using System.Collections.Immutable;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Authorization;

/// <summary>No parameter comes twice (RFC 6749, 3.1): which one counts would be a matter of taste.</summary>
internal sealed class RefuseRepeatedParameters : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ValidateAuthorizationRequestContext>()
        .UseSingletonHandler<RefuseRepeatedParameters>()
        .SetOrder(int.MinValue + 1000)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        foreach (var (name, value) in context.Request.GetParameters())
        {
            if ((ImmutableArray<string?>?)value is not { Length: > 1 }) continue;
            context.Reject(OpenIddictConstants.Errors.InvalidRequest, $"The parameter \"{name}\" came twice.");
            break;
        }

        return ValueTask.CompletedTask;
    }
}
