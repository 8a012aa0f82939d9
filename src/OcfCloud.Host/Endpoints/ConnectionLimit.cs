using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OcfCloud.Host.Metrics;

namespace OcfCloud.Host.Endpoints;

/// <summary>Bounds the connections of one endpoint; Kestrel's own limit would count those of devices too.</summary>
internal sealed class ConnectionLimit(int most, HttpDoor door)
{
    private int _open;

    public void Use(ListenOptions listen)
    {
        var metrics = listen.ApplicationServices.GetRequiredService<HostMetrics>();
        listen.Use(next => connection => ServeAsync(connection, next, metrics));
    }

    private async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next, HostMetrics metrics)
    {
        try
        {
            if (Interlocked.Increment(ref _open) > most)
            {
                metrics.Rejected(door);
                connection.Abort(new ConnectionAbortedException("Too many connections."));
                return;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
