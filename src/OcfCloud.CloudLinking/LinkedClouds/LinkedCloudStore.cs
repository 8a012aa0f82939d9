using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>The linked clouds as the store keeps them.</summary>
public sealed class LinkedCloudStore(Store store)
{
    /// <summary>All that are not being removed, in order of their names.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<LinkedCloud>> ListAsync(CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<LinkedCloud>>(
        async (context, token) => await context.Set<LinkedCloud>().Where(cloud => !cloud.Removing).OrderBy(cloud => cloud.Name).ToListAsync(token), cancellationToken);

    /// <summary>One by its name; null where there is none, or it is being removed.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<LinkedCloud?> FindAsync(string name, CancellationToken cancellationToken) => store.ReadAsync(
        (context, token) => context.Set<LinkedCloud>().SingleOrDefaultAsync(cloud => cloud.Name == name && !cloud.Removing, token), cancellationToken);

    /// <summary>One by its name, also while it is being removed.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    internal Task<LinkedCloud?> FindAnyAsync(string name, CancellationToken cancellationToken) => store.ReadAsync(
        (context, token) => context.Set<LinkedCloud>().SingleOrDefaultAsync(cloud => cloud.Name == name, token), cancellationToken);

    /// <summary>One by its key, also while it is being removed.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<LinkedCloud?> FindAsync(Guid id, CancellationToken cancellationToken) => store.ReadAsync(
        (context, token) => context.Set<LinkedCloud>().SingleOrDefaultAsync(cloud => cloud.Id == id, token), cancellationToken);
}
