using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace OcfCloud.DeviceGateway.Transport;

/// <summary>Accepts the connections of one device endpoint.</summary>
internal sealed class DeviceListener(DeviceEndPoint endpoint, TimeProvider time) : IConnectionListener
{
    // Without open files left each try fails at once.
    private const int FailuresInRow = 10;
    private static readonly TimeSpan Respite = TimeSpan.FromMilliseconds(50);

    public EndPoint EndPoint => endpoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                return DeviceTransport.Of(await endpoint.Listening.AcceptAsync(cancellationToken));
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted)
            {
                return null;
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                // The peer went before it was accepted, or none can be.
                if (failures % FailuresInRow == 0) await Task.Delay(Respite, time, cancellationToken);
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

    public ValueTask DisposeAsync()
    {
        endpoint.Listening.Dispose();
        return ValueTask.CompletedTask;
    }
}
