using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OcfCloud.DeviceGateway.Metrics;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>Bounds the connections from one address, before the handshake that costs.</summary>
internal sealed class ConnectionsPerAddress(int most, GatewayMetrics metrics)
{
    private readonly ConcurrentDictionary<IPAddress, int> _open = new();

    public void Use(ListenOptions listen) => listen.Use(next => async connection =>
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        // An endpoint on every address sees IPv4 peers as mapped ones, a proxy announces them as they are.
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        try
        {
            if (_open.AddOrUpdate(address, 1, static (_, count) => count + 1) > most)
            {
                metrics.Rejected(GatewayLimit.ConnectionsPerAddress);
                connection.Abort(new ConnectionAbortedException("too many connections from one address"));
                return;
            }

            await next(connection);
        }
        finally
        {
            if (_open.AddOrUpdate(address, 0, static (_, count) => count - 1) <= 0)
                _open.TryRemove(KeyValuePair.Create(address, 0));
        }
    });
}
