using OcfCloud.Identity.Metrics;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace OcfCloud.Identity.AuthorizationServer.Exchange;

/// <summary>Counts the answers of the token endpoint.</summary>
internal sealed class CountTokens(IdentityMetrics metrics) : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor.CreateBuilder<ApplyTokenResponseContext>()
        .UseSingletonHandler<CountTokens>()
        .SetOrder(int.MinValue + 100_000)
        .SetType(OpenIddictServerHandlerType.Custom)
        .Build();

    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        metrics.TokenRequested(ResultOf(context.Response.Error, context.Request));
        return ValueTask.CompletedTask;
    }

    // A request that could not be read has none.
    private static TokenRequestResult ResultOf(string? error, OpenIddictRequest? request) => error switch
    {
        null when request?.IsRefreshTokenGrantType() == true => TokenRequestResult.RefreshToken,
        null when request?.IsClientCredentialsGrantType() == true => TokenRequestResult.ClientCredentials,
        null => TokenRequestResult.AuthorizationCode,
        Errors.InvalidClient => TokenRequestResult.InvalidClient,
        Errors.InvalidGrant => TokenRequestResult.InvalidGrant,
        _ => TokenRequestResult.OtherError,
    };
}
