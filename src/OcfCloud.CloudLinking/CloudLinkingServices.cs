using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.EventReceiver;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Metrics;
using OcfCloud.CloudLinking.RemoteRequests;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking;

/// <summary>Brings this room into the container. Core and Identity are added beside it.</summary>
public static class CloudLinkingServices
{
    /// <summary>Adds what commands and the host need: linked clouds, accounts and calls to them.</summary>
    public static IServiceCollection AddCloudLinking(this IServiceCollection services, Action<CloudLinkingOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton<SealedSecrets>();
        services.TryAddSingleton(p => new CloudLinkingMetrics(p.GetService<IMeterFactory>()));
        services.TryAddSingleton<AccountWork>();
        AddTargets(services);
        services.TryAddSingleton<LinkedCloudStore>();
        services.TryAddSingleton<CloudDiscovery>();
        services.TryAddSingleton<CloudProbe>();
        services.TryAddSingleton(p => new LinkedCloudRegister(
            p.GetRequiredService<Store>(), p.GetRequiredService<LinkedCloudStore>(), p.GetRequiredService<CloudProbe>(), p.GetRequiredService<SealedSecrets>(),
            p.GetRequiredService<MirrorStore>(), p.GetRequiredService<AccountWork>(), p.GetRequiredService<UnlinkingSignal>(),
            p.GetRequiredService<AuditTrail>(), p.GetRequiredService<IOptions<CloudLinkingOptions>>(), p.GetRequiredService<TimeProvider>()));
        LinkedAccountServices.Add(services);
        services.TryAddSingleton<CloudEvents>();
        services.TryAddSingleton<SubscriptionRows>();
        services.TryAddSingleton<SubscriptionEndings>();
        services.TryAddSingleton<SubscriptionCalls>();
        services.TryAddSingleton<ResourceSubscriptions>();
        services.TryAddSingleton<IResourceSubscriptions>(p => p.GetRequiredService<ResourceSubscriptions>());
        services.TryAddSingleton<InboxWriter>();
        services.TryAddSingleton<EventReception>();
        services.AddRemoteRequests();
        return services;
    }

    /// <summary>Adds what runs by itself as long as the host does: it keeps the mirrors of linked accounts up to date.</summary>
    public static IServiceCollection AddCloudLinkingBackground(this IServiceCollection services)
    {
        services.AddSingleton<IRoomMetrics>(p => p.GetRequiredService<CloudLinkingMetrics>());
        services.AddSingleton<IStoreSample>(p => p.GetRequiredService<CloudLinkingMetrics>());
        services.TryAddSingleton<AccountClaims>();
        services.TryAddSingleton<Inbox>();
        services.TryAddSingleton<Retrieval>();
        services.TryAddSingleton<AccountTurn>();
        services.AddHostedService<SynchronisationWorker>();
        services.AddAccountUnlinking();
        return services;
    }

    private static void AddTargets(IServiceCollection services)
    {
        services.TryAddSingleton<OutboundOptions>();
        services.TryAddSingleton(p => new OutboundGuard(p.GetRequiredService<OutboundOptions>(), p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<TargetPipelines>();
        services.TryAddSingleton<TokenCalls>();
        services.TryAddSingleton<ITokenCalls>(p => p.GetRequiredService<TokenCalls>());
        services.TryAddSingleton<AccountTokens>();
        services.TryAddSingleton<TokenRefreshLease>();
        services.TryAddSingleton<AccountTokenRefresh>();
        services.TryAddSingleton<KnownAccounts>();
        services.TryAddSingleton<ITargetCalls, TargetCalls>();
    }
}
