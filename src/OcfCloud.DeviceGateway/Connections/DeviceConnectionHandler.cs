using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>Kestrel's way in: one call a TLS connection.</summary>
internal sealed class DeviceConnectionHandler(ConnectionServices services, LiveConnections connections) : ConnectionHandler
{
    private static readonly SslApplicationProtocol Coap = new("coap");

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var stream = connection.Features.GetRequiredFeature<SslStream>();
        var peer = new DeviceConnection(
            services, stream, (X509Certificate2?)stream.RemoteCertificate, (IPEndPoint)connection.LocalEndPoint!, (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None,
            mayCoalesce: stream.NegotiatedApplicationProtocol == Coap);
        try
        {
            if (connections.TryEnter(peer))
                await peer.RunAsync(connection.ConnectionClosed);
        }
        finally
        {
            connections.Leave(peer);
            // What a peer does not take is not waited for: else the server would, to end the stream in order.
            if (peer.Coap.PendingBytes > 0)
                connection.Abort(new ConnectionAbortedException("the peer does not read"));
        }
    }
}
