using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Addresses;
using OcfCloud.DeviceGateway.Metrics;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>
/// Bounds connections before the handshake that costs: all of them, those from one address, and how fast one address opens them. What is over is closed without a byte.
/// </summary>
internal sealed class ConnectionAdmission(IOptions<DeviceGatewayOptions> options, GatewayMetrics metrics, TimeProvider time)
{
    private readonly int _most = options.Value.MaxConnections;
    private readonly ConnectionsPerNetwork _perAddress = new(options.Value.MaxConnectionsPerAddress);
    private readonly HandshakeRate _rate = new(options.Value.MaxHandshakesPerAddress, options.Value.HandshakesPerSecond, time);
    private int _open;

    public void Use(ListenOptions listen) => listen.Use(next => connection => ServeAsync(connection, next));

    internal async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var network = NetworkOf(connection);
        if (Interlocked.Increment(ref _open) > _most)
        {
            Interlocked.Decrement(ref _open);
            Refuse(connection, GatewayLimit.Connections);
            return;
        }

        try
        {
            if (!_perAddress.TryEnter(network))
            {
                Refuse(connection, GatewayLimit.ConnectionsPerAddress);
                return;
            }

            try
            {
                if (_rate.TryTake(network))
                    await next(connection);
                else
                    Refuse(connection, GatewayLimit.HandshakesPerAddress);
            }
            finally
            {
                _perAddress.Leave(network);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    /// <summary>Whom a connection counts for.</summary>
    public static IPAddress NetworkOf(BaseConnectionContext connection) =>
        connection.RemoteEndPoint is IPEndPoint remote ? CallerNetwork.Of(remote.Address) : IPAddress.None;

    private void Refuse(ConnectionContext connection, GatewayLimit limit)
    {
        metrics.Rejected(limit);
        connection.Abort(new ConnectionAbortedException("over a limit of connections"));
    }
}
