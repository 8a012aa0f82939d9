using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Subscriptions;

/// <summary>What a subscription hears of: all devices of its user, one device, or one resource of it.</summary>
/// <param name="Device">The device; null = all devices of the user.</param>
/// <param name="Href">The resource's path on the device; null = the device itself. Never without a device.</param>
public readonly record struct SubscriptionTarget(DeviceId? Device, string? Href)
{
    /// <summary>The level of the Events API.</summary>
    public SubscriptionLevel Level => Href is not null ? SubscriptionLevel.Resource : Device is not null ? SubscriptionLevel.Device : SubscriptionLevel.Devices;
}
