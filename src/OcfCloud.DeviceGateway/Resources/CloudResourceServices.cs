using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OcfCloud.DeviceGateway.Account;
using OcfCloud.DeviceGateway.Directory;
using OcfCloud.DeviceGateway.Discovery;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Session;
using OcfCloud.DeviceGateway.TokenRefresh;

namespace OcfCloud.DeviceGateway.Resources;

/// <summary>Brings the resources of the cloud into the container; the core and the gateway's options are there.</summary>
internal static class CloudResourceServices
{
    /// <summary>Adds <see cref="CloudResources"/> and the resources.</summary>
    public static IServiceCollection AddCloudResources(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new GatewayMetrics(provider.GetService<IMeterFactory>()));
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<AccountResource>();
        services.AddSingleton<SessionResource>();
        services.AddSingleton<TokenRefreshResource>();
        services.AddSingleton<DirectoryResource>();
        services.AddSingleton<DiscoveryResource>();
        services.AddSingleton<CloudResources>();
        return services;
    }
}
