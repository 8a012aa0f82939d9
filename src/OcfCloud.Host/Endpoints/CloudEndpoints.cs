using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OcfCloud.DeviceGateway;
using OcfCloud.Host.Endpoints.Proxies;
using OcfCloud.Host.Metrics;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Endpoints;

/// <summary>The doors on their ports.</summary>
internal static class CloudEndpoints
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);

    public static void Listen(KestrelServerOptions kestrel, SettingsSource source, ListenSockets sockets)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = source.Read(CloudSettings.MaxRequestBodySize);
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        var connections = source.Read(CloudSettings.MaxHttpConnections);

        kestrel.Listen(sockets.Https.Local, listen =>
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            new ConnectionLimit(connections, HttpDoor.Https).Use(listen);
            if (source.Read(CloudSettings.ProxyProtocolOnHttps)) UseAnnouncedAddresses(listen, source, connections);
            UseAddressLimit(listen, source, HttpDoor.Https);
            var certificate = listen.ApplicationServices.GetRequiredService<HttpsCertificate>();
            listen.UseHttps(new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = HandshakeTimeout,
                OnConnection = _ => ValueTask.FromResult(certificate.Current),
            });
        });
        kestrel.Listen(sockets.Http.Local, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            new ConnectionLimit(connections, HttpDoor.Http).Use(listen);
            UseAddressLimit(listen, source, HttpDoor.Http);
        });
        if (sockets.MutualTls is { } mutualTls)
        {
            kestrel.Listen(mutualTls.Local, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                new ConnectionLimit(connections, HttpDoor.MutualTls).Use(listen);
                UseAnnouncedAddresses(listen, source, connections);
                UseAddressLimit(listen, source, HttpDoor.MutualTls);
                var peers = listen.ApplicationServices.GetRequiredService<PeerDoor>();
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = HandshakeTimeout,
                    OnConnection = _ => ValueTask.FromResult(peers.Handshake),
                });
                listen.Use(PeerDoor.Mark);
            });
        }

        if (sockets.Uplink is { } uplink)
        {
            kestrel.Listen(uplink.Local, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;

                // Uplinks are counted where they are held; beside them there are those who ask for a token, and those who are refused.
                new ConnectionLimit(source.Read(CloudSettings.MaxUplinks) + connections, HttpDoor.Uplink).Use(listen);
                if (source.Read(CloudSettings.ProxyProtocolOnUplink)) UseAnnouncedAddresses(listen, source, connections);
                UseAddressLimit(listen, source, HttpDoor.Uplink);
                var cameras = listen.ApplicationServices.GetRequiredService<UplinkDoor>();
                listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = HandshakeTimeout,
                    OnConnection = _ => ValueTask.FromResult(cameras.Handshake),
                });
                listen.Use(UplinkDoor.Mark);
            });
        }

        // Before the gateway counts who connects.
        kestrel.ListenForDevices(sockets.Coaps.Socket, listen => UseAnnouncedAddresses(listen, source, source.Read(CloudSettings.MaxConnectionsPerAddress)));
    }

    private static void UseAddressLimit(ListenOptions listen, SettingsSource source, HttpDoor door) => new AddressLimit(
        source.Read(CloudSettings.MaxHttpConnectionsPerAddress), door, listen.ApplicationServices.GetRequiredService<TrustedProxies>(),
        listen.ApplicationServices.GetRequiredService<HostMetrics>()).Use(listen);

    private static void UseAnnouncedAddresses(ListenOptions listen, SettingsSource source, int mostWaiting) => ActivatorUtilities.CreateInstance<AnnouncedAddresses>(
        listen.ApplicationServices, source.Read(CloudSettings.ProxyHeaderTimeout), mostWaiting).Use(listen);
}
