namespace OcfCloud.DeviceGateway;

/// <summary>What an operator steers of the device gateway (settings below <c>OcfCloud:Devices</c> and <c>OcfCloud:PublicCoaps</c>).</summary>
public sealed class DeviceGatewayOptions
{
    /// <summary>The authorization provider's name that is handed out, and the only <c>authprovider</c> accepted beside none.</summary>
    public string AuthProvider { get; set; } = "ocfcloud";

    /// <summary>The public <c>coaps+tcp://name:port</c> of this cloud; without it discovery answers with the local address of the client's own connection.</summary>
    public string? PublicCoaps { get; set; }

    /// <summary>Where sign-up answers send devices (<c>coaps+tcp://host:port</c>); none by default.</summary>
    public string? RedirectUri { get; set; }

    /// <summary>How long a device may take to answer a routed request.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a request over HTTPS may take as a whole, further blocks of a body included.</summary>
    public TimeSpan ExchangeTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Silence after which a connection is pinged; the answer has as long again, 10 s at most.</summary>
    public TimeSpan IdlePing { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The largest message accepted, in bytes; announced in our CSM.</summary>
    public int MaxMessageSize { get; set; } = 262_144;

    /// <summary>Requests waiting for one device's answer; more are refused with 5.03.</summary>
    public int MaxRequestsInFlight { get; set; } = 64;

    /// <summary>Requests of one connection that wait for the store; more are refused with 5.03.</summary>
    public int MaxRequestsQueued { get; set; } = 64;

    /// <summary>Observations that one connection may hold; more are answered as plain requests (RFC 7641, 4.1).</summary>
    public int MaxObservations { get; set; } = 1_000;

    /// <summary>Bytes that may wait for a peer that does not read; beyond them requests to it are refused with 5.03.</summary>
    public int MaxOutgoingBytes { get; set; } = 1_048_576;

    /// <summary>Connections from one address; more are closed before the handshake.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 10_000;

    /// <summary>How long a blockwise transfer may rest before its parts are dropped.</summary>
    public TimeSpan BlockwiseTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Over which time the first twin requests after a sign-in are spread.</summary>
    public TimeSpan TwinSpread { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long requests in flight may take to finish when the process stops or a peer releases its connection.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
