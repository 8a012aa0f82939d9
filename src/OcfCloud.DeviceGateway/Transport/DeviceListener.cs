using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace OcfCloud.DeviceGateway.Transport;

/// <summary>Accepts the connections of one device endpoint.</summary>
internal sealed class DeviceListener(DeviceEndPoint endpoint, TimeProvider time) : IConnectionListener
{
    // Without open files left each try fails at once.
    private static readonly TimeSpan Respite = TimeSpan.FromMilliseconds(50);

    public EndPoint EndPoint => endpoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
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
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                await Task.Delay(Respite, time, cancellationToken);
            }
            catch (SocketException)
            {
                // The peer went before it was accepted.
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
