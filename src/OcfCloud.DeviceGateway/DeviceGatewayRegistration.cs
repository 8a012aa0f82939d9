using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Requests;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Observations;
using OcfCloud.DeviceGateway.Requests;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.DeviceGateway.Routing;
using OcfCloud.DeviceGateway.Tls;
using OcfCloud.DeviceGateway.Twins;

namespace OcfCloud.DeviceGateway;

/// <summary>Puts the coaps+tcp door into a host.</summary>
public static class DeviceGatewayRegistration
{
    /// <summary>Adds the services of the gateway; <see cref="DeviceTlsRegistration.AddDeviceTls"/> is added beside it.</summary>
    public static IServiceCollection AddDeviceGateway(this IServiceCollection services, Action<DeviceGatewayOptions> configure)
    {
        services.Configure(configure);
        services.AddCloudResources();
        services.AddSingleton<IRoomMetrics>(provider => provider.GetRequiredService<GatewayMetrics>());
        services.AddSingleton<LiveSessions>();
        services.AddSingleton<DeviceAccess>();
        services.AddSingleton<ObservationHub>();
        services.AddSingleton<TwinFeeds>();
        // Devices of other clouds are reached where a room brings IMirroredRequests and IMirroredObservations.
        services.AddSingleton<MirroredObservers>();
        services.AddSingleton<MirroredRouting>();
        services.AddSingleton<WholeRequests>();
        services.AddSingleton<RequestRouter>();
        services.AddSingleton<IDeviceRequests, DeviceRequests>();
        services.AddSingleton<RecordedRefusals>();
        services.AddSingleton<ConnectionServices>();
        services.AddSingleton<LiveConnections>();
        services.AddHostedService(provider => provider.GetRequiredService<LiveConnections>());
        services.AddSingleton<ConnectionAdmission>();
        services.AddSingleton<DeviceConnectionHandler>();
        return services;
    }

    /// <summary>Serves devices on this endpoint: TLS as section 1 of the device interface says, then CoAP.</summary>
    public static void UseDeviceGateway(this ListenOptions listen)
    {
        listen.ApplicationServices.GetRequiredService<ConnectionAdmission>().Use(listen);
        listen.ApplicationServices.GetRequiredService<HandshakeWatch>().Outside(listen);
        listen.UseHttps(listen.ApplicationServices.GetRequiredService<DeviceTls>().CreateHandshakeOptions());
        HandshakeWatch.Inside(listen);
        listen.UseConnectionHandler<DeviceConnectionHandler>();
    }
}
