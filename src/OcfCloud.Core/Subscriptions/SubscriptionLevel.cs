namespace OcfCloud.Core.Subscriptions;

/// <summary>The levels of the Events API (cloud-to-cloud.md, 1.4). The numbers are stored: they stay.</summary>
public enum SubscriptionLevel
{
    /// <summary>All devices of a user.</summary>
    Devices = 1,

    /// <summary>One device.</summary>
    Device = 2,

    /// <summary>One resource of a device.</summary>
    Resource = 3,
}
