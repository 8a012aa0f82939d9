namespace OcfCloud.Simulator.Cloud;

/// <summary>The waits and limits of a device towards its cloud.</summary>
internal sealed record CloudTiming
{
    /// <summary>Limit of TCP connect and TLS handshake together.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Limit of an answer of the cloud at the first attempt; without one, the request is made again on a new connection and may take twice as long.
    /// </summary>
    public TimeSpan FirstAnswerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest such limit.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(16);

    /// <summary>What has to remain of an access token, so that it is not refreshed before the sign-in.</summary>
    public TimeSpan RefreshMargin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The first wait before an attempt is repeated.</summary>
    public TimeSpan BackOffFirst { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such wait.</summary>
    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a session has to stand before the waits begin anew.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts of a registration until it has failed; a registered device never gives up.</summary>
    public int RegistrationAttempts { get; init; } = 5;

    /// <summary>Time between two pings.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Pings without an answer until the connection is given up.</summary>
    public int PingMisses { get; init; } = 6;

    /// <summary>Silence of an observed resource after which a client asks whether its device is still there.</summary>
    public TimeSpan ProbeAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Lifetime of published links, in seconds; they are published again after half of it.</summary>
    public long LinkLifetime { get; init; } = 86_400;

    /// <summary>The limit of an answer after so many attempts.</summary>
    public TimeSpan AnswerTimeoutAfter(int attempts)
    {
        var doubled = FirstAnswerTimeout * Math.Pow(2, Math.Min(attempts, 30));
        return doubled < AnswerTimeout ? doubled : AnswerTimeout;
    }
}
