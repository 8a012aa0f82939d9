using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Http;
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
        var api = endpoints.MapGroup("/mediator/v1").WithTags("Mediator").ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.AddEndpointFilter(KeepOutOfCachesAsync);
        api.MapPost("/tokenrefresh", TokenRefresh.PostAsync).AllowAnonymous()
            .WithSummary("Gets new tokens of a registration").WithDescription("The refresh token is the proof: no bearer token is needed.")
            .WithMetadata(new DocumentedBody(typeof(TokenRefreshRequest))).Produces<MediatorTokens>().ProducesBodyProblems().ProducesProblem(StatusCodes.Status401Unauthorized);

        var mediator = api.MapGroup("").RequireScope(ScopeSet.Mediator);
        mediator.MapPost("/registrations", Registrations.PostAsync)
            .WithSummary("Registers a mediator of the token's user")
            .Produces<MediatorTokens>(StatusCodes.Status201Created).ProducesBodyProblems();
        mediator.MapGet("/devices", Devices.GetAsync)
            .WithSummary("Lists the user's devices")
            .Produces<IEnumerable<UserDevice>>();
        mediator.MapPatch("/devices/{di}", Devices.PatchAsync)
            .WithSummary("Changes what the cloud does for a device")
            .WithMetadata(new DocumentedBody(typeof(DeviceChange))).Produces(StatusCodes.Status204NoContent).ProducesBodyProblems().ProducesProblem(StatusCodes.Status404NotFound);
        mediator.MapDelete("/devices/{di}", Devices.DeleteAsync)
            .WithSummary("Puts a device out of the user's account")
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        mediator.MapGet("/access-rules", AccessRules.GetAsync)
            .WithSummary("Lists the user's access rules")
            .Produces<IEnumerable<AccessRuleEntry>>();
        mediator.MapPut("/access-rules", AccessRules.PutAsync)
            .WithSummary("Replaces the user's access rules").WithDescription("A subject that a rule names may do only what its rules, and those of *, allow.")
            .WithMetadata(new DocumentedBody(typeof(IEnumerable<AccessRuleEntry>))).Produces<IEnumerable<AccessRuleEntry>>().ProducesBodyProblems();
        mediator.MapPost("/device-tokens", DeviceTokens.PostAsync)
            .WithSummary("Makes a one-time token that registers a device")
            .WithMetadata(new DocumentedBody(typeof(DeviceTokenRequest)) { IsRequired = false }).Produces<DeviceToken>(StatusCodes.Status201Created).ProducesBodyProblems()
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        return endpoints;
    }

    // Answers carry tokens and what is a user's own (RFC 6749, 5.1).
    private static ValueTask<object?> KeepOutOfCachesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }

    private static RouteHandlerBuilder ProducesBodyProblems(this RouteHandlerBuilder endpoint) => endpoint
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType);
}
