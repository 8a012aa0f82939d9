using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.DeviceGateway.Connections;

namespace OcfCloud.DeviceGateway;

/// <summary>Puts the coaps+tcp door into a host.</summary>
public static class DeviceGatewayRegistration
{
    /// <summary>Adds the services of the gateway.</summary>
    public static IServiceCollection AddDeviceGateway(this IServiceCollection services, Action<DeviceGatewayOptions> configure)
    {
        services.Configure(configure);
        return services;
    }

    /// <summary>Serves devices on this endpoint: TLS as section 1 of the device interface says, then CoAP.</summary>
    public static void UseDeviceGateway(this ListenOptions listen)
    {
        listen.UseConnectionHandler<DeviceConnectionHandler>();
    }
}
