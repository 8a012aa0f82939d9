using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Requests;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Observations;
using OcfCloud.DeviceGateway.Requests;
using OcfCloud.DeviceGateway.Resources;
using OcfCloud.DeviceGateway.Routing;
using OcfCloud.DeviceGateway.Tls;
using OcfCloud.DeviceGateway.Transport;
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
        // Kestrel adds its own only where there is none; the last one is asked first.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConnectionListenerFactory, SocketTransportFactory>());
        services.AddSingleton<IConnectionListenerFactory, DeviceListenerFactory>();
        services.AddSingleton<ConnectionAdmission>();
        services.AddSingleton<DeviceConnectionHandler>();
        return services;
    }

    /// <summary>Serves devices on a socket: TLS as section 1 of the device interface says, then CoAP.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="listening">Bound and listening; the server's from now on.</param>
    /// <param name="first">What sees connections before the gateway counts them.</param>
    public static void ListenForDevices(this KestrelServerOptions kestrel, Socket listening, Action<ListenOptions>? first = null) =>
        kestrel.Listen(new DeviceEndPoint(listening), listen =>
        {
            // None of it is spoken here; the default would ask for TLS of Kestrel's own.
            listen.Protocols = HttpProtocols.Http1;
            first?.Invoke(listen);
            var services = listen.ApplicationServices;
            services.GetRequiredService<ConnectionAdmission>().Use(listen);
            var tls = services.GetRequiredService<DeviceTls>();
            listen.Use(next => connection => tls.ServeAsync((DeviceTransport)connection, next));
            listen.UseConnectionHandler<DeviceConnectionHandler>();
        });
}
