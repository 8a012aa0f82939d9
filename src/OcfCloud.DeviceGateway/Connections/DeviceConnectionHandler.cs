using Microsoft.AspNetCore.Connections;

namespace OcfCloud.DeviceGateway.Connections;

/// <summary>Kestrel's way in: one call a TLS connection.</summary>
internal sealed class DeviceConnectionHandler : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) => Task.CompletedTask;
}
