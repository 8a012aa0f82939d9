using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Refusals;
using OcfCloud.DeviceGateway.Metrics;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>Puts the device door's TLS into a host.</summary>
public static class DeviceTlsRegistration
{
    /// <summary>
    /// Adds, beside the core, <see cref="DeviceTls"/> and <see cref="CloudCertificate"/>, and the service that reads their files again. Resolving either throws
    /// <see cref="DeviceTlsException"/> where a file is missing or of no use.
    /// </summary>
    public static IServiceCollection AddDeviceTls(this IServiceCollection services, Action<DeviceTlsOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new GatewayMetrics(provider.GetService<IMeterFactory>()));
        services.AddSingleton<CloudCertificate>();
        services.AddSingleton(provider => new DeviceTls(
            provider.GetRequiredService<IOptions<DeviceTlsOptions>>(), provider.GetRequiredService<CloudCertificate>(), provider.GetRequiredService<DeviceRefusals>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<GatewayMetrics>(), provider.GetRequiredService<ILogger<DeviceTls>>()));
        services.AddHostedService<DeviceTlsReload>();
        return services;
    }
}
