namespace OcfCloud.DeviceGateway.Metrics;

/// <summary>A limit of the device gateway over which something is refused.</summary>
internal enum GatewayLimit
{
    /// <summary><see cref="DeviceGatewayOptions.MaxConnectionsPerAddress"/>.</summary>
    ConnectionsPerAddress,

    /// <summary><see cref="DeviceGatewayOptions.MaxRequestsInFlight"/>.</summary>
    RequestsInFlight,

    /// <summary><see cref="DeviceGatewayOptions.MaxRequestsQueued"/>.</summary>
    RequestsQueued,

    /// <summary><see cref="DeviceGatewayOptions.MaxObservations"/>.</summary>
    Observations,

    /// <summary><see cref="DeviceGatewayOptions.MaxOutgoingBytes"/>.</summary>
    OutgoingBytes,

    /// <summary>Links of one device.</summary>
    Links,
}
