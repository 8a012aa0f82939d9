using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Events;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Provisioning.StartDeviceSharing;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>What this folder brings into the container and the pipeline.</summary>
internal static class ProvisioningServices
{
    /// <summary>For commands and the host.</summary>
    public static void Add(IServiceCollection services) => services.TryAddSingleton(provider => new CameraShares(
        provider.GetRequiredService<Store>(), provider.GetRequiredService<Announcements>(), provider.GetRequiredService<SharingSignal>(), provider.GetRequiredService<AuditTrail>(),
        provider.GetRequiredService<IOptions<OnvifOptions>>(), provider.GetRequiredService<TimeProvider>()));

    /// <summary>What runs by itself as long as the host does.</summary>
    public static void AddBackground(IServiceCollection services)
    {
        services.TryAddSingleton<ICameraChecks, CameraChecks>();
        services.TryAddSingleton<OutboundOptions>();
        services.TryAddSingleton<ICompletionCalls, CompletionCalls>();
        services.TryAddSingleton<ICameraClients, CameraClients>();
        services.TryAddSingleton<ShareQueue>();
        services.TryAddSingleton<ShareTurn>();
        services.AddHostedService<ShareWorker>();
        StartDeviceSharingApi.Add(services);
    }

    /// <summary>The HTTP endpoints.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        SharesApi.Map(endpoints);
        StartDeviceSharingApi.Map(endpoints);
    }
}
