namespace OcfCloud.Core.Events;

/// <summary>Periods of the dispatcher.</summary>
public sealed class OutboxOptions
{
    /// <summary>How often it looks without having been woken: what other processes wrote. Default 250 ms.</summary>
    public TimeSpan PollPeriod { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How often a node tries to become the dispatcher, and waits after trouble with the store. Default one second.</summary>
    public TimeSpan RetryPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a node that cannot hear of other nodes' changes goes on with what it knows. Default two minutes.</summary>
    public TimeSpan TrustWithoutHints { get; set; } = TimeSpan.FromMinutes(2);
}
