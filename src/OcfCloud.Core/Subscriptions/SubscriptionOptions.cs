namespace OcfCloud.Core.Subscriptions;

/// <summary>Limits and waits of subscriptions.</summary>
public sealed class SubscriptionOptions
{
    /// <summary>Subscriptions that one user may have. Default 10,000.</summary>
    public int MaxPerUser { get; set; } = 10_000;

    /// <summary>Notifications that may wait for one subscriber; one more and the subscription is given up. Default 10,000.</summary>
    public int MaxUndelivered { get; set; } = 10_000;

    /// <summary>Notifications that one claim takes. Default 32.</summary>
    public int MaxClaimedNotifications { get; set; } = 32;

    /// <summary>How long a claim holds; a node that died loses its claims after that. Longer than an attempt. Default one minute.</summary>
    public TimeSpan ClaimTime { get; set; } = TimeSpan.FromMinutes(1);
}
