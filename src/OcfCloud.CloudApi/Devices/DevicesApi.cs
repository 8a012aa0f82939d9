using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OcfCloud.Identity.Bearer;
using OcfCloud.Identity.Tokens;

namespace OcfCloud.CloudApi.Devices;

/// <summary>The Devices API of this cloud as Target Cloud (cloud-to-cloud.md, 1.3).</summary>
public static class DevicesApi
{
    /// <summary>Where it is.</summary>
    public const string Path = "/api/v1/devices";

    /// <summary>The pattern of a resource below <see cref="Path"/>; what is a subscription's is taken before (<see cref="Subscriptions.SubscriptionPath"/>).</summary>
    internal const string ResourcePattern = "/{deviceId}/{**href:minlength(1)}";

    /// <summary>Adds what <see cref="MapDevicesApi"/> needs; who sends to devices (<see cref="Core.Requests.IDeviceRequests"/>) is added beside it.</summary>
    public static IServiceCollection AddDevicesApi(this IServiceCollection services)
    {
        services.TryAddSingleton<ClientAccess>();
        services.AddSingleton<CachedResource>();
        return services;
    }

    /// <summary>Maps <see cref="Path"/> and the devices and resources below it.</summary>
    public static IEndpointRouteBuilder MapDevicesApi(this IEndpointRouteBuilder endpoints)
    {
        var readers = endpoints.MapGroup(Path).RequireScope(CloudScopes.Read);
        readers.AddEndpointFilter(KeepOutOfCachesAsync);
        readers.MapGet("", DeviceCollection.GetAllAsync).DescribeList();
        readers.MapGet("/{deviceId}", DeviceCollection.GetAsync).DescribeDevice();
        readers.MapGet(ResourcePattern, DeviceResource.GetAsync).DescribeRetrieve();
        endpoints.MapGroup(Path).RequireScope(CloudScopes.Read, CloudScopes.Write).MapPost(ResourcePattern, DeviceResource.PostAsync).DescribeUpdate();
        return endpoints;
    }

    // What is a user's own is for the caller alone; a device's answer may say more.
    private static ValueTask<object?> KeepOutOfCachesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    }
}
