namespace OcfCloud.Core.Subscriptions;

/// <summary>How the attempts of a claim ended.</summary>
public enum DeliveryEnding
{
    /// <summary>All that was claimed is confirmed (or the node stops): what waits is due at once.</summary>
    Continue,

    /// <summary>The one after the confirmed ones failed: later.</summary>
    Failed,

    /// <summary>The receiver answered 410: the subscription ends silently.</summary>
    Gone,

    /// <summary>Tried too long: the undelivered ones are dropped, one last subscription_cancelled is tried.</summary>
    GivenUp,
}
