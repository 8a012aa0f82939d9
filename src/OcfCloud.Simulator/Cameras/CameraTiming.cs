namespace OcfCloud.Simulator.Cameras;

/// <summary>The waits and limits of a camera.</summary>
internal sealed record CameraTiming
{
    /// <summary>Silence of a remote client after which the camera closes and reconnects (ONVIF Uplink, 5).</summary>
    public TimeSpan Watchdog { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first wait before the camera connects again; doubled each time.</summary>
    public TimeSpan ReconnectFirst { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest such wait.</summary>
    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Limit of TCP connect, TLS handshake and upgrade together, and of each call of an authorization server.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What has to remain of an access token, so that the camera connects with it.</summary>
    public TimeSpan TokenMargin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection that the camera gives up may take to answer what is under way on it.</summary>
    public TimeSpan CloseLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a key is being generated.</summary>
    public TimeSpan KeyGeneration { get; init; } = TimeSpan.FromMilliseconds(200);
}
