using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>
/// The lock of whoever writes an account, its subscriptions, their events and what they told: it is taken before any of these are written, so that in which order that is
/// done does not matter. Before it: the user's lock, then the cloud's row. Where one transaction writes several accounts, they are locked at once, in order of id.
/// </summary>
internal static class AccountLock
{
    /// <summary>Locks accounts until the transaction ends.</summary>
    /// <returns>Those that are there, not tracked.</returns>
    public static Task<List<LinkedAccount>> TakeAsync(CloudDbContext context, IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        Guid[] all = [.. ids.Distinct()];
        var rows = context.LocksRows
            ? context.Set<LinkedAccount>().FromSql($"""SELECT * FROM linked_accounts WHERE "Id" = ANY({all}) ORDER BY "Id" FOR NO KEY UPDATE""")
            : context.Set<LinkedAccount>().Where(a => all.Contains(a.Id));
        return rows.AsNoTracking().ToListAsync(cancellationToken);
    }
}
