using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>Puts the device door's TLS into a host.</summary>
public static class DeviceTlsRegistration
{
    /// <summary>
    /// Adds <see cref="DeviceTls"/> and <see cref="CloudCertificate"/>, and the service that reads their files again. Resolving either throws
    /// <see cref="DeviceTlsException"/> where a file is missing or of no use.
    /// </summary>
    public static IServiceCollection AddDeviceTls(this IServiceCollection services, Action<DeviceTlsOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<CloudCertificate>();
        services.AddSingleton<DeviceTls>();
        services.AddHostedService<DeviceTlsReload>();
        return services;
    }
}
