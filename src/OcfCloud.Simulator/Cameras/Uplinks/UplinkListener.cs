using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace OcfCloud.Simulator.Cameras.Uplinks;

/// <summary>
/// Hands the web server connections that a camera opened, as if they had come in: on an uplink the side that dialled is the HTTP/2 server.
/// </summary>
internal sealed class UplinkListener : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    private readonly Channel<UplinkConnection> _connections = Channel.CreateUnbounded<UplinkConnection>();

    /// <inheritdoc/>
    public EndPoint EndPoint => UplinkEndPoint.Instance;

    /// <summary>Hands over a connection.</summary>
    public void Bring(UplinkConnection connection)
    {
        if (!_connections.Writer.TryWrite(connection))
            connection.Abort();
    }

    /// <inheritdoc/>
    public bool CanBind(EndPoint endpoint) => endpoint is UplinkEndPoint;

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _connections.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_connections.Reader.TryRead(out var connection))
                return connection;
        }

        return null;
    }

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _connections.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => UnbindAsync();
}
