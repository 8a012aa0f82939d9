using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>The subscriptions of the resource level among <see cref="RemoteSubscriptions"/>.</summary>
internal sealed class ResourceSubscriptions(RemoteSubscriptions subscriptions) : IResourceSubscriptions
{
    /// <inheritdoc/>
    public Task<EnsuredSubscription> EnsureAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken) =>
        subscriptions.EnsureAsync(account, SubscriptionLevel.Resource, device, href, cancellationToken);

    /// <inheritdoc/>
    public Task EndAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken) =>
        subscriptions.EndAsync(account, device, href, cancellationToken);
}
