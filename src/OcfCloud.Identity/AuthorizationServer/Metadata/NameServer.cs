using Microsoft.Extensions.Options;
using OcfCloud.Identity.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Metadata;

/// <summary>Writes the issuer as tokens write it: RFC 8414, 3.3 compares the text, to which a <see cref="Uri"/> adds a slash.</summary>
internal sealed class NameServer(IOptions<AccessTokenOptions> tokens) : IOpenIddictServerHandler<ApplyConfigurationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyConfigurationResponseContext>()
        .UseSingletonHandler<NameServer>()
        .SetOrder(int.MinValue + 1000)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(ApplyConfigurationResponseContext context)
    {
        if (string.IsNullOrEmpty(context.Error)) context.Response[OpenIddictConstants.Metadata.Issuer] = tokens.Value.Issuer;
        return ValueTask.CompletedTask;
    }
}
