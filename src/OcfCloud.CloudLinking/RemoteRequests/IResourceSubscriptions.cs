using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>Subscriptions to resources at other clouds, as whoever observes needs them.</summary>
internal interface IResourceSubscriptions
{
    /// <summary>This node has observers of a resource: <see cref="RemoteSubscriptions.EnsureAsync"/>.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<EnsuredSubscription> EnsureAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken);

    /// <summary>It still has observers of these: <see cref="RemoteSubscriptions.RenewAsync"/>.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task<IReadOnlySet<Guid>> RenewAsync(IReadOnlyCollection<Guid> subscriptions, CancellationToken cancellationToken);

    /// <summary>It has none any more: <see cref="RemoteSubscriptions.EndAsync"/>.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    Task EndAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken);
}
