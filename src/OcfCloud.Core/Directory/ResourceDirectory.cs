using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Directory;

/// <summary>The links that devices have published (device-to-cloud.md, 6 and 7).</summary>
public sealed class ResourceDirectory
{
    /// <summary>Adds or renews links by their href; all or none are stored.</summary>
    /// <param name="device">The device.</param>
    /// <param name="user">Its user.</param>
    /// <param name="links">One or more links; of two with one href the later counts.</param>
    /// <param name="ttl">After that long they leave the directory unless published again; null = never.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The links with their numbers, or why not.</returns>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task<PublishOutcome> PublishAsync(
        DeviceId device, UserId user, IReadOnlyList<ResourceLink> links, TimeSpan? ttl, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Removes links.</summary>
    /// <param name="device">The device.</param>
    /// <param name="user">Its user.</param>
    /// <param name="ins">Their numbers; empty = all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many were removed; 0 where nothing matched.</returns>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task<int> UnpublishAsync(DeviceId device, UserId user, IReadOnlyCollection<long> ins, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Finds links of all devices of a user, in order of device and number.</summary>
    /// <param name="user">The user.</param>
    /// <param name="query">Filters.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Storage.StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<PublishedLink>> DiscoverAsync(UserId user, DiscoveryQuery query, CancellationToken cancellationToken) => throw new NotSupportedException();
}
