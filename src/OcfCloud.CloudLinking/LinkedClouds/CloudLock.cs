using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>The lock of who makes something for a linked cloud: after the user's, before accounts.</summary>
internal static class CloudLock
{
    /// <summary>Keeps a cloud from being removed until the transaction ends; does not wait for others that do the same.</summary>
    /// <returns>The cloud; null where there is none (any more) or it is being removed.</returns>
    public static async Task<LinkedCloud?> KeepAsync(CloudDbContext context, Guid id, CancellationToken cancellationToken)
    {
        var cloud = context.LocksRows
            ? (await context.Set<LinkedCloud>().FromSql($"""SELECT * FROM linked_clouds WHERE "Id" = {id} FOR SHARE""").AsNoTracking().ToListAsync(cancellationToken)).SingleOrDefault()
            : await context.Set<LinkedCloud>().AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return cloud is { Removing: false } ? cloud : null;
    }

    /// <summary>Waits for whoever keeps the cloud from being removed, and lets nobody else do so until the transaction ends.</summary>
    /// <returns>The cloud, tracked; null where there is none (any more) or it is being removed.</returns>
    public static async Task<LinkedCloud?> TakeAsync(CloudDbContext context, Guid id, CancellationToken cancellationToken)
    {
        var cloud = context.LocksRows
            ? (await context.Set<LinkedCloud>().FromSql($"""SELECT * FROM linked_clouds WHERE "Id" = {id} FOR UPDATE""").AsTracking().ToListAsync(cancellationToken)).SingleOrDefault()
            : await context.Set<LinkedCloud>().AsTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return cloud is { Removing: false } ? cloud : null;
    }
}
