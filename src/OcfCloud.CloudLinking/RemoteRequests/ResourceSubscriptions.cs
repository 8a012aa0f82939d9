using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>The subscriptions of the resource level among <see cref="RemoteSubscriptions"/>.</summary>
internal sealed class ResourceSubscriptions(RemoteSubscriptions remote) : IResourceSubscriptions
{
    /// <inheritdoc/>
    public Task<EnsuredSubscription> EnsureAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken) =>
        remote.EnsureAsync(account, SubscriptionLevel.Resource, device, href, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlySet<Guid>> RenewAsync(IReadOnlyCollection<Guid> subscriptions, CancellationToken cancellationToken) => remote.RenewAsync(subscriptions, cancellationToken);

    /// <inheritdoc/>
    public Task EndAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken) =>
        remote.EndAsync(account, device, href, cancellationToken);
}
