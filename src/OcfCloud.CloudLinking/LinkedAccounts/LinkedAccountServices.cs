using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>Brings this folder into the container.</summary>
public static class LinkedAccountServices
{
    /// <summary>Adds what commands and the console need.</summary>
    internal static void Add(IServiceCollection services)
    {
        services.TryAddSingleton<UnlinkingSignal>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IUserBelongings, LinkedAccountErasure>());
        services.TryAddSingleton(p => new LinkedAccountStore(
            p.GetRequiredService<Store>(), p.GetRequiredService<MirrorStore>(), p.GetRequiredService<UnlinkingSignal>(), p.GetRequiredService<AuditTrail>(),
            p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<LinkAttempts>();
        services.TryAddSingleton<AccountReplacement>();
        services.TryAddSingleton(p => new AccountLinking(
            p.GetRequiredService<LinkedCloudStore>(), p.GetRequiredService<LinkAttempts>(), p.GetRequiredService<ITokenCalls>(), p.GetRequiredService<SealedSecrets>(),
            p.GetRequiredService<AccountReplacement>(), p.GetRequiredService<AccountWork>(), p.GetRequiredService<IOptions<CloudLinkingOptions>>(),
            p.GetRequiredService<IOptions<LinkedAccountOptions>>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<AccountLinking>>()));
        services.TryAddSingleton<UnlinkingQueue>();
        services.TryAddSingleton<AccountCleanUp>();
    }

    /// <summary>Adds what runs by itself: the clean-up of unlinked accounts. Calls to Targets are added beside it.</summary>
    public static IServiceCollection AddAccountUnlinking(this IServiceCollection services)
    {
        services.AddHostedService<AccountUnlinking>();
        return services;
    }
}
