using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;

namespace OcfCloud.Onvif.Operation;

/// <summary>The rows of incoming shares, one at a time: whoever changes one's state holds its lock.</summary>
internal static class IncomingShareRows
{
    /// <summary>Locks and reads one; null where there is none.</summary>
    public static async Task<IncomingShare?> LockAsync(CloudDbContext context, Guid id, CancellationToken cancellationToken) => context.LocksRows
        ? (await context.Set<IncomingShare>().FromSql($"""SELECT * FROM incoming_shares WHERE "Id" = {id} FOR UPDATE""").ToListAsync(cancellationToken)).FirstOrDefault()
        : await context.Set<IncomingShare>().FirstOrDefaultAsync(share => share.Id == id, cancellationToken);
}
