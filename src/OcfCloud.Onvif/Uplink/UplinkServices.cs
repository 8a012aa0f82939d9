using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OcfCloud.Core.Devices;

namespace OcfCloud.Onvif.Uplink;

/// <summary>What this folder brings into the container and the pipeline.</summary>
internal static class UplinkServices
{
    /// <summary>For the host.</summary>
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton<IDeviceCredentials, DeviceCredentials>();
        services.TryAddSingleton<UplinkAdmission>();
        services.TryAddSingleton<UplinkRegister>();
        services.TryAddSingleton<UplinkClient>();
        services.TryAddSingleton<CameraConnections>();
        services.TryAddSingleton<ICameraConnections>(provider => provider.GetRequiredService<CameraConnections>());
        services.TryAddSingleton<CameraAdoption>();
        services.TryAddSingleton<CameraIdentity>();
        services.TryAddSingleton<UplinkRows>();
        services.AddSingleton<INodeBelongings>(provider => provider.GetRequiredService<UplinkRows>());
        services.TryAddSingleton<UplinkEndpoint>();
    }

    /// <summary>What runs by itself as long as the host does.</summary>
    public static void AddBackground(IServiceCollection services)
    {
        services.AddHostedService(provider => provider.GetRequiredService<UplinkRows>());
        services.AddHostedService<UplinkRevocation>();
    }

    /// <summary>The HTTP endpoint.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // WebSockets are for this path alone.
        var pipeline = endpoints.CreateApplicationBuilder();
        pipeline.UseWebSockets();
        pipeline.Run(context => context.RequestServices.GetRequiredService<UplinkEndpoint>().HandleAsync(context));
        endpoints.MapMethods(UplinkEndpoint.Path, ["GET"], pipeline.Build());
    }
}
