using OcfCloud.Core.Devices;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>A subscription whose row was written, and that the other cloud is asked for now.</summary>
/// <param name="Id">The row's.</param>
/// <param name="Account">The account.</param>
/// <param name="Level">The level.</param>
/// <param name="Device">The device.</param>
/// <param name="Href">The resource, as it is on the device.</param>
/// <param name="SigningSecret">In clear.</param>
internal sealed record RequestedSubscription(Guid Id, Guid Account, SubscriptionLevel Level, DeviceId? Device, string? Href, string SigningSecret)
{
    /// <summary>Whether it was asked for before.</summary>
    public bool IsAgain { get; init; }
}
