using System.Net;
using Microsoft.AspNetCore.Connections;

namespace OcfCloud.DeviceGateway.Transport;

/// <summary>
/// The transport of the device door, in Kestrel's place for this one endpoint: between socket and TLS there are no pipes, which cost a routed request a quarter of its
/// processor time and an idle device some memory, and <see cref="DeviceStream.ServeWherePolled"/> is possible.
/// </summary>
internal sealed class DeviceListenerFactory(TimeProvider time) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is DeviceEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(new DeviceListener((DeviceEndPoint)endpoint, time));
}
