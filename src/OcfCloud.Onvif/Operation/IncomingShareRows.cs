using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Onvif.Operation;

/// <summary>The rows of incoming shares, one at a time: whoever changes one's state holds its lock.</summary>
internal static class IncomingShareRows
{
    /// <summary>Locks and reads one; null where there is none.</summary>
    public static async Task<IncomingShare?> LockAsync(CloudDbContext context, Guid id, CancellationToken cancellationToken) => context.LocksRows
        ? (await context.Set<IncomingShare>().FromSql($"""SELECT * FROM incoming_shares WHERE "Id" = {id} FOR UPDATE""").ToListAsync(cancellationToken)).FirstOrDefault()
        : await context.Set<IncomingShare>().FirstOrDefaultAsync(share => share.Id == id, cancellationToken);

    /// <summary>How many cameras may still come into an account by shares that are under way; one that failed may be completed all the same until its deadline. Those that came are counted as cameras.</summary>
    public static Task<int> CountComingAsync(CloudDbContext context, UserId user, DateTimeOffset now, CancellationToken cancellationToken) => context.Set<IncomingShare>().CountAsync(
        share => share.UserId == user
            && (share.State <= IncomingShareState.Requested || (share.State == IncomingShareState.Failed && share.KeyThumbprint == null && share.DeadlineAt > now)),
        cancellationToken);
}
