namespace OcfCloud.DeviceGateway.Metrics;

/// <summary>A limit of the device gateway over which something is refused.</summary>
internal enum GatewayLimit
{
    /// <summary><see cref="DeviceGatewayOptions.MaxConnections"/>.</summary>
    Connections,

    /// <summary><see cref="DeviceGatewayOptions.MaxConnectionsPerAddress"/>.</summary>
    ConnectionsPerAddress,

    /// <summary><see cref="DeviceGatewayOptions.MaxHandshakesPerAddress"/>.</summary>
    HandshakesPerAddress,

    /// <summary><see cref="DeviceGatewayOptions.SignInTimeout"/>.</summary>
    SignInTime,

    /// <summary><see cref="DeviceGatewayOptions.MessageTimeout"/>.</summary>
    MessageTime,

    /// <summary><see cref="DeviceGatewayOptions.WriteTimeout"/>.</summary>
    WriteTime,

    /// <summary><see cref="DeviceGatewayOptions.MaxMessageSizeBeforeSignIn"/>.</summary>
    MessageSizeBeforeSignIn,

    /// <summary><see cref="DeviceGatewayOptions.MaxOptions"/> and <see cref="DeviceGatewayOptions.MaxOptionBytes"/>.</summary>
    Options,

    /// <summary><see cref="DeviceGatewayOptions.MaxFailedAttempts"/> and <see cref="DeviceGatewayOptions.MaxFailedAttemptsPerAddress"/>.</summary>
    FailedAttempts,

    /// <summary><see cref="DeviceGatewayOptions.MaxRequestsInFlight"/>.</summary>
    RequestsInFlight,

    /// <summary><see cref="DeviceGatewayOptions.MaxRequestsPerClient"/> and <see cref="DeviceGatewayOptions.MaxRequestsPerClientOnDevice"/>.</summary>
    RequestsPerClient,

    /// <summary><see cref="DeviceGatewayOptions.MaxRequestsQueued"/>.</summary>
    RequestsQueued,

    /// <summary><see cref="DeviceGatewayOptions.MaxQueuedBytes"/>.</summary>
    QueuedBytes,

    /// <summary><see cref="DeviceGatewayOptions.MaxObservations"/>.</summary>
    Observations,

    /// <summary><see cref="DeviceGatewayOptions.MaxObservationsPerDevice"/>.</summary>
    ObservationsPerDevice,

    /// <summary><see cref="DeviceGatewayOptions.MaxOutgoingBytes"/>.</summary>
    OutgoingBytes,

    /// <summary>Links of one device.</summary>
    Links,

    /// <summary>Devices of one user.</summary>
    DevicesPerUser,
}
