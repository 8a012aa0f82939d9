using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Subscriptions to resources at other clouds, as whoever observes needs them. They are kept by <see cref="SynchronisationWorker"/>.</summary>
internal interface IResourceSubscriptions
{
    /// <summary>
    /// This node has observers of a resource for the next <see cref="CloudLinkingOptions.InterestTime"/>: finds the subscription, or writes its row and asks the other cloud for
    /// it at once (one request, bounded by settings; a caller that has somebody waiting need not wait for it). Whoever observes calls <see cref="RenewAsync"/> each third of
    /// that time, and <see cref="EndAsync"/> when the last observer has gone.
    /// </summary>
    /// <param name="account">The linked account.</param>
    /// <param name="device">The device.</param>
    /// <param name="href">The resource's href on its device (without the device's id).</param>
    /// <param name="cancellationToken">Ends the wait; a row that was written stays, and is worked on later.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<EnsuredSubscription> EnsureAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken);

    /// <summary>This node still has observers of these: their interests count for another <see cref="CloudLinkingOptions.InterestTime"/>.</summary>
    /// <returns>Those of them whose events come; the others have to be asked for anew.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<IReadOnlySet<Guid>> RenewAsync(IReadOnlyCollection<Guid> subscriptions, CancellationToken cancellationToken);

    /// <summary>This node has no observers of a resource any more. Where no other node has, the subscription is cancelled at the other cloud, in the background, and the
    /// value that was kept is forgotten.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task EndAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken);
}
