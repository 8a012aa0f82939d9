namespace OcfCloud.Core.Subscriptions;

/// <summary>Which subscriptions to claim: those that failed last have a lane of their own, so that they never stand before one that works.</summary>
public enum DeliveryLane
{
    /// <summary>Those whose oldest notification was not tried yet.</summary>
    First,

    /// <summary>Those whose oldest notification failed before.</summary>
    Retry,
}
