namespace OcfCloud.CloudApi.Metrics;

/// <summary>How the delivery of what waited for one subscription ended.</summary>
internal enum DeliveryAttempt
{
    /// <summary>All that was claimed is confirmed.</summary>
    Delivered,

    /// <summary>One failed: it is tried again later.</summary>
    Failed,

    /// <summary>The receiver answered 410: the subscription is over.</summary>
    Gone,

    /// <summary>Tried for too long: the subscription is cancelled.</summary>
    GivenUp,

    /// <summary>The receiver's host, or its client, is stuck: not tried, later.</summary>
    Postponed,
}
