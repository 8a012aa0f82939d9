namespace OcfCloud.Core.Subscriptions;

/// <summary>Where a subscription is in its life. The numbers are stored: they stay, and rise with the life.</summary>
internal enum SubscriptionPhase
{
    /// <summary>Written by a POST; the dispatcher has not told the actual state yet.</summary>
    Made = 1,

    /// <summary>Events are told.</summary>
    Live = 2,

    /// <summary>Ended, and unknown to its subscriber; the dispatcher has not numbered the last subscription_cancelled yet.</summary>
    Ending = 3,

    /// <summary>The last subscription_cancelled is numbered: delivered or given up, the rows go.</summary>
    Ended = 4,
}
