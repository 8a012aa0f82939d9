using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OcfCloud.Host.Endpoints;

/// <summary>Bounds the connections of one endpoint; Kestrel's own limit would count those of devices too.</summary>
internal sealed class ConnectionLimit(int most)
{
    private int _open;

    public void Use(ListenOptions listen) => listen.Use(next => async connection =>
    {
        try
        {
            if (Interlocked.Increment(ref _open) > most)
            {
                connection.Abort(new ConnectionAbortedException("Too many connections."));
                return;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    });
}
