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

    /// <summary>The largest message accepted before the sign-in, in bytes, and the largest body put together from blocks; more is refused with 4.13.</summary>
    public int MaxMessageSizeBeforeSignIn { get; set; } = 262_144;

    /// <summary>The most options of one message that is worked on as a whole; more are refused with 4.02.</summary>
    public int MaxOptions { get; set; } = 512;

    /// <summary>Bytes of these options, encoded; more are refused with 4.02.</summary>
    public int MaxOptionBytes { get; set; } = 8_192;

    /// <summary>How long one message may take from its first byte to its last; then the connection is closed.</summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a peer may take none of the bytes that wait for it; then the connection is closed.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection may be without a session, requests that are being worked on aside; then it is closed.</summary>
    public TimeSpan SignInTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests waiting for one device's answer; more are refused with 5.03.</summary>
    public int MaxRequestsInFlight { get; set; } = 64;

    /// <summary>Of these, those of one client; more are refused with 5.03.</summary>
    public int MaxRequestsPerClientOnDevice { get; set; } = 32;

    /// <summary>Requests of one connection that wait for any device's answer or for the store; more are refused with 5.03.</summary>
    public int MaxRequestsPerClient { get; set; } = 256;

    /// <summary>Requests of one connection that wait for the store; more are refused with 5.03.</summary>
    public int MaxRequestsQueued { get; set; } = 64;

    /// <summary>Bytes of requests of one connection that wait for the store or are worked on outside the routed path; more are refused with 5.03, but never the only one.</summary>
    public int MaxQueuedBytes { get; set; } = 1_048_576;

    /// <summary>Sign-ups, sign-ins and refreshes of one device from one address that may be refused (4.01) in a row without a delay of the next one.</summary>
    public int MaxFailedAttempts { get; set; } = 10;

    /// <summary>The same of all devices from one address.</summary>
    public int MaxFailedAttemptsPerAddress { get; set; } = 100;

    /// <summary>How long the next attempt is not looked at (5.03) after one more; each further one doubles it.</summary>
    public TimeSpan FailedAttemptDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such delay.</summary>
    public TimeSpan MaxFailedAttemptDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Observations that one connection may hold; more are answered as plain requests (RFC 7641, 4.1).</summary>
    public int MaxObservations { get; set; } = 1_000;

    /// <summary>Observations of one device's resources by all clients together; more are answered as plain requests.</summary>
    public int MaxObservationsPerDevice { get; set; } = 1_000;

    /// <summary>Bytes that may wait for a peer that does not read; beyond them requests to it are refused with 5.03.</summary>
    public int MaxOutgoingBytes { get; set; } = 1_048_576;

    /// <summary>Connections; more are closed before the handshake.</summary>
    public int MaxConnections { get; set; } = 100_000;

    /// <summary>Connections from one address, of IPv6 from one /64; more are closed before the handshake.</summary>
    public int MaxConnectionsPerAddress { get; set; } = 10_000;

    /// <summary>Connections that one address may open at once; more than <see cref="HandshakesPerSecond"/> beyond them are closed before the handshake.</summary>
    public int MaxHandshakesPerAddress { get; set; } = 10_000;

    /// <summary>Connections a second that one address may open all the time.</summary>
    public int HandshakesPerSecond { get; set; } = 100;

    /// <summary>How long a blockwise transfer may rest before its parts are dropped.</summary>
    public TimeSpan BlockwiseTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Over which time the first twin requests after a sign-in are spread.</summary>
    public TimeSpan TwinSpread { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long requests in flight may take to finish when the process stops or a peer releases its connection.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
