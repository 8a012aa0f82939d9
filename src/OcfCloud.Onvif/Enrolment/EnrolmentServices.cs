using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Soap;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>What this folder brings into the container and the pipeline.</summary>
internal static class EnrolmentServices
{
    /// <summary>For commands and the host.</summary>
    public static void Add(IServiceCollection services)
    {
        // What the authorization server does for cameras follows from where they connect.
        services.AddOptions<DeviceClientOptions>().Configure<IOptions<OnvifOptions>>((clients, onvif) =>
        {
            clients.Audience = onvif.Value.UplinkHttps;
            clients.AccessTokenLifetime = onvif.Value.AccessTokenLifetime;
            if (onvif.Value.HasUplink) clients.MutualTlsTokenEndpoint = onvif.Value.PublicUplink + OAuthPaths.Token;
        });
        services.TryAddSingleton<CameraRemoval>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUserBelongings, CameraRemoval>(provider => provider.GetRequiredService<CameraRemoval>()));
        services.TryAddSingleton(provider => new CameraRegister(
            provider.GetRequiredService<Store>(),
            provider.GetRequiredService<DeviceClientRegister>(),
            provider.GetRequiredService<CameraRemoval>(),
            provider.GetRequiredService<Announcements>(),
            provider.GetRequiredService<AuditTrail>(),
            provider.GetRequiredService<IOptions<OnvifOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<CameraRegister>>()));
    }

    /// <summary>What runs by itself as long as the host does.</summary>
    public static void AddBackground(IServiceCollection services) => services.TryAddSingleton(provider => new CameraMaintenance(
        provider.GetRequiredService<Store>(),
        provider.GetRequiredService<CameraRegister>(),
        provider.GetRequiredService<ICameraCalls>(),
        provider.GetRequiredService<CameraAdoption>(),
        provider.GetRequiredService<ILogger<CameraMaintenance>>()));

    /// <summary>The HTTP endpoints.</summary>
    public static void Map(IEndpointRouteBuilder endpoints) => CameraApi.Map(endpoints);
}
