using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>Kestrel's way in: one call a TLS connection.</summary>
internal sealed class DeviceConnectionHandler(ConnectionServices services, LiveConnections connections) : ConnectionHandler
{
    private static readonly SslApplicationProtocol Coap = new("coap");

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var stream = connection.Features.GetRequiredFeature<ISslStreamFeature>().SslStream;
        var certificate = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate;
        var peer = new DeviceConnection(
            services, stream, certificate, (IPEndPoint)connection.LocalEndPoint!, mayCoalesce: stream.NegotiatedApplicationProtocol == Coap);
        try
        {
            if (connections.TryEnter(peer))
                await peer.RunAsync(connection.ConnectionClosed);
        }
        finally
        {
            connections.Leave(peer);
        }
    }
}
