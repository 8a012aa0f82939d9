using System.Collections.Immutable;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Requests;

/// <summary>No parameter comes twice (RFC 6749, 3.1 and 3.2): which one counts would be a matter of taste, and for OpenIddict neither does.</summary>
/// <typeparam name="TContext">The validation of a request to one of the endpoints.</typeparam>
internal sealed class RefuseRepeatedParameters<TContext> : IOpenIddictServerHandler<TContext> where TContext : BaseValidatingContext
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<TContext>()
        .UseSingletonHandler<RefuseRepeatedParameters<TContext>>()
        .SetOrder(int.MinValue + 1000)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(TContext context)
    {
        foreach (var (name, value) in context.Transaction.Request!.GetParameters())
        {
            if ((ImmutableArray<string?>?)value is not { Length: > 1 }) continue;
            context.Reject(OpenIddictConstants.Errors.InvalidRequest, $"The parameter \"{name}\" came twice.");
            break;
        }

        return ValueTask.CompletedTask;
    }
}
