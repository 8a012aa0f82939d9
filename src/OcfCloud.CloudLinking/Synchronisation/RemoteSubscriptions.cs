using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>The subscriptions of this cloud at others: made, kept and ended.</summary>
internal sealed class RemoteSubscriptions
{
    /// <summary>
    /// Finds the subscription, or writes its row and asks the other cloud for it at once (one request, bounded by settings; a caller that has somebody waiting need not
    /// wait for it). For a resource it also notes, in the same transaction, that this node has observers of it for the next <see cref="CloudLinkingOptions.InterestTime"/>:
    /// whoever observes calls again each third of that, and <see cref="EndAsync"/> when the last observer has gone.
    /// </summary>
    /// <param name="account">The linked account.</param>
    /// <param name="level">Which level.</param>
    /// <param name="device">The device; null at the level of all devices.</param>
    /// <param name="href">The resource's href on its device (without the device's id); null at the other levels.</param>
    /// <param name="cancellationToken">Ends the wait; a row that was written stays, and is worked on later.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<EnsuredSubscription> EnsureAsync(Guid account, SubscriptionLevel level, DeviceId? device, string? href, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>This node has no observers of a resource any more. Where no other node has, the subscription is cancelled at the other cloud, in the background, and the
    /// value that was kept is forgotten.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task EndAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken) => throw new NotImplementedException();
}
