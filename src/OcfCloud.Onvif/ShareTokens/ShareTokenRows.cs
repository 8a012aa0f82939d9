using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;

namespace OcfCloud.Onvif.ShareTokens;

/// <summary>The rows of share tokens, one at a time: whoever uses or revokes one holds its lock.</summary>
internal static class ShareTokenRows
{
    /// <summary>Locks and reads one; null where there is none.</summary>
    public static async Task<ShareToken?> LockAsync(CloudDbContext context, Guid id, CancellationToken cancellationToken) => context.LocksRows
        ? (await context.Set<ShareToken>().FromSql($"""SELECT * FROM share_tokens WHERE "Id" = {id} FOR UPDATE""").ToListAsync(cancellationToken)).FirstOrDefault()
        : await context.Set<ShareToken>().FirstOrDefaultAsync(token => token.Id == id, cancellationToken);
}
