namespace OcfCloud.Core.Subscriptions;

/// <summary>Limits and waits of subscriptions.</summary>
public sealed class SubscriptionOptions
{
    /// <summary>Subscriptions that one user may have. Default 10,000.</summary>
    public int MaxPerUser { get; set; } = 10_000;

    /// <summary>Subscriptions that one user may have to one target: an event makes a notification for each. Default 1,000.</summary>
    public int MaxPerTarget { get; set; } = 1_000;

    /// <summary>Notifications that may wait for one subscriber; one more and the subscription is given up. Default 10,000.</summary>
    public int MaxUndelivered { get; set; } = 10_000;

    /// <summary>Notifications that one claim takes; one of a subscription that failed last. Default 32.</summary>
    public int MaxClaimedNotifications { get; set; } = 32;

    /// <summary>Bytes of their bodies; the first is taken whatever its size. Default 256 KiB.</summary>
    public long MaxClaimedBytes { get; set; } = 256 * 1024;

    /// <summary>Bytes of bodies after which a transaction of the dispatcher takes no further event. Default 16 MiB.</summary>
    public long MaxDispatchedBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>How long a claim holds; a node that died loses its claims after that. Longer than an attempt. Default one minute.</summary>
    public TimeSpan ClaimTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest time for which a delivery is ever put off, claims included: what lies twice as far ahead was dated by a clock that was ahead, and is due. Default 5 minutes.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromMinutes(5);
}
