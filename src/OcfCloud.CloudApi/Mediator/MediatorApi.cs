using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.CloudApi.Mediator;

/// <summary>The API of whoever brings devices into a user's account (device-to-cloud.md, 9).</summary>
public static class MediatorApi
{
    /// <summary>Adds what <see cref="MapMediatorApi"/> needs.</summary>
    public static IServiceCollection AddMediatorApi(this IServiceCollection services, Action<MediatorApiOptions> configure) => services.Configure(configure);

    /// <summary>Maps <c>/mediator/v1</c>. All but <c>tokenrefresh</c> asks for a bearer token with the scope <c>mediator</c>.</summary>
    public static IEndpointRouteBuilder MapMediatorApi(this IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/mediator/v1");
        api.AddEndpointFilter(KeepOutOfCachesAsync);
        api.MapPost("/tokenrefresh", TokenRefresh.PostAsync).AllowAnonymous();

        var mediator = api.MapGroup("").RequireScope(ScopeSet.Mediator);
        mediator.MapPost("/registrations", Registrations.PostAsync);
        mediator.MapGet("/devices", Devices.GetAsync);
        mediator.MapPatch("/devices/{di}", Devices.PatchAsync);
        mediator.MapDelete("/devices/{di}", Devices.DeleteAsync);
        mediator.MapGet("/access-rules", AccessRules.GetAsync);
        mediator.MapPut("/access-rules", AccessRules.PutAsync);
        mediator.MapPost("/device-tokens", DeviceTokens.PostAsync);
        return endpoints;
    }

    // Answers carry tokens and what is a user's own (RFC 6749, 5.1).
    private static ValueTask<object?> KeepOutOfCachesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
