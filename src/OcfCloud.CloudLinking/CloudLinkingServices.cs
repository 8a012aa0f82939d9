using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Mirrors;
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
        services.TryAddSingleton<LinkedCloudStore>();
        services.TryAddSingleton<AccountWork>();
        services.TryAddSingleton(p => new LinkedCloudRegister(
            p.GetRequiredService<Store>(), p.GetRequiredService<LinkedCloudStore>(), p.GetRequiredService<MirrorStore>(), p.GetRequiredService<AccountWork>(),
            p.GetRequiredService<IOptions<CloudLinkingOptions>>(), p.GetRequiredService<TimeProvider>()));
        return services;
    }
}
