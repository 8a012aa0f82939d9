using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OcfCloud.Identity.Http;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning.StartDeviceSharing;

/// <summary><c>POST /onvif/cloud/startDeviceSharing</c>. Tokens say where it is in one of three ways that clouds understand differently: all three are it.</summary>
internal static class StartDeviceSharingApi
{
    /// <summary>Base of the ONVIF REST operations.</summary>
    public const string Base = "/onvif/cloud";

    private const string Path = Base + "/startDeviceSharing";

    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton<TokenChecks>();
        services.TryAddSingleton<ConfigurationReader>();
        services.TryAddSingleton<ConfigurationChecks>();
        services.TryAddSingleton<SharingStart>();
    }

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var limit = endpoints.ServiceProvider.GetRequiredService<CloudDoorLimits>().Sharing;
        Describe(endpoints.MapPost(Path, PostAsync)).AddEndpointFilter(limit);
        endpoints.MapPost(Base, PostAsync).AddEndpointFilter(limit).ExcludeFromDescription();
        endpoints.MapPost(Path + "/startDeviceSharing", PostAsync).AddEndpointFilter(limit).ExcludeFromDescription();
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder endpoint) => endpoint.WithTags("ONVIF")
        .WithSummary("Starts device sharing")
        .WithDescription("Another cloud asks for cameras whose owners gave it share tokens. 200: the work on them begins, and deviceSharingCompleted tells how it went.")
        .WithMetadata(new DocumentedBody(typeof(StartDeviceSharingBody)))
        .WithMetadata(
            new DocumentedResponse(StatusCodes.Status400BadRequest, "A token or a configuration is not good: nothing begins.") { Types = [typeof(CloudError)] },
            new DocumentedResponse(StatusCodes.Status200OK, "The shares begin, or began before."))
        .Refuses(413, 415, 429, 503);

    private static async Task<IResult> PostAsync(HttpContext context, SharingStart start)
    {
        var (body, unreadable) = await CloudBody.ReadAsync(context.Request);
        if (unreadable is not null) return unreadable;
        var (shares, refusal) = SharingRequest.Read(body);
        refusal ??= await start.RunAsync(shares, context.RequestAborted);
        return refusal?.Answer ?? Results.Ok();
    }
}
