using System.Net;
using System.Net.Sockets;

namespace OcfCloud.DeviceGateway.Transport;

/// <summary>Where devices are listened for: Kestrel gives what has this address to <see cref="DeviceListenerFactory"/>.</summary>
/// <param name="listening">Bound, and listening already: who connects waits in its backlog until the server runs.</param>
internal sealed class DeviceEndPoint(Socket listening) : IPEndPoint(((IPEndPoint)listening.LocalEndPoint!).Address, ((IPEndPoint)listening.LocalEndPoint!).Port)
{
    public Socket Listening { get; } = listening;
}
