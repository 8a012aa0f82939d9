using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OcfCloud.Core.Addresses;
using OcfCloud.Host.Endpoints.Proxies;
using OcfCloud.Host.Metrics;

namespace OcfCloud.Host.Endpoints;

/// <summary>
/// Bounds the connections of one endpoint that come from one address, so that nobody has all of them. A trusted proxy's own are those of many: they are not counted.
/// Stands behind what reads announced addresses.
/// </summary>
internal sealed class AddressLimit(int most, HttpDoor door, TrustedProxies proxies, HostMetrics metrics)
{
    private readonly ConnectionsPerNetwork _open = new(most);

    public void Use(ListenOptions listen) => listen.Use(next => connection => ServeAsync(connection, next));

    internal async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.RemoteEndPoint is not IPEndPoint peer || proxies.Include(peer))
        {
            await next(connection);
            return;
        }

        var network = CallerNetwork.Of(peer.Address);
        if (!_open.TryEnter(network))
        {
            metrics.Rejected(door);
            connection.Abort(new ConnectionAbortedException("Too many connections from one address."));
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            _open.Leave(network);
        }
    }
}
