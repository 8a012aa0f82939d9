using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Events;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Enrolment;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Operation;

/// <summary>What this folder brings into the container and the pipeline.</summary>
internal static class OperationServices
{
    /// <summary>For commands and the host.</summary>
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton<RequestSignal>();
        services.TryAddSingleton(provider => new IncomingShares(
            provider.GetRequiredService<Store>(), provider.GetRequiredService<OutboundGuard>(), provider.GetRequiredService<SealedSecrets>(),
            provider.GetRequiredService<RequestSignal>(), provider.GetRequiredService<CameraRemoval>(), provider.GetRequiredService<Announcements>(), provider.GetRequiredService<IOptions<OnvifOptions>>(), provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>What runs by itself as long as the host does.</summary>
    public static void AddBackground(IServiceCollection services)
    {
        services.TryAddSingleton<OwnConfiguration>();
        services.TryAddSingleton<RequestCall>();
        services.TryAddSingleton<RequestQueue>();
        services.TryAddSingleton<SharingCompletion>();
        services.AddHostedService<RequestSender>();
    }

    /// <summary>The HTTP endpoints.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        DeviceSharingCompletedApi.Map(endpoints);
        IncomingSharesApi.Map(endpoints);
    }
}
