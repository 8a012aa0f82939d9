using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <summary>
/// The accounts that are unlinked here and not yet there. Several nodes claim them by the lease that all work on an account takes.
/// <code>
///   Unlinking, DueAt ──► claimed ──► done: the row goes; with the last of a cloud that is being removed, the cloud's
///                                └─► replaced: kept without DueAt, until the account that replaced it goes (AccountReplacement says why)
///                                └─► failed: later, until it is given up
/// </code>
/// </summary>
internal sealed class UnlinkingQueue(
    Store store, MirrorStore mirrors, NodeIdentity node, IOptions<LinkedAccountOptions> options, IOptions<CloudLinkingOptions> calls, TimeProvider time)
{
    // Looked at for one claim: enough to find those of clouds that have room behind those of one that has none.
    private const int Looked = 256;

    // Of one user and cloud. The tokens of older ones end by themselves.
    private const int MaxReplaced = 8;

    /// <summary>Gives back what this node's former life held: it is due at once, not after its lease. (SQLite: all; there is no other node.)</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task ReleaseFormerLifeAsync(CancellationToken cancellationToken)
    {
        var me = node.Id;
        return store.WriteAsync(
            (context, token) => context.Set<LinkedAccount>().Where(account => account.State == AccountState.Unlinking && account.WorkNode != null && (!context.LocksRows || account.WorkNode == me))
                .ExecuteUpdateAsync(row => row.SetProperty(account => account.WorkNode, (Guid?)null).SetProperty(account => account.WorkUntil, (DateTimeOffset?)null), token),
            cancellationToken);
    }

    /// <summary>Claims what is due.</summary>
    /// <param name="free">How many at most.</param>
    /// <param name="ofClouds">How many are worked on, by cloud.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<LinkedAccount>> ClaimAsync(int free, IReadOnlyDictionary<Guid, int> ofClouds, CancellationToken cancellationToken)
    {
        var most = options.Value.MaxParallelPerCloud;
        var full = ofClouds.Where(cloud => cloud.Value >= most).Select(cloud => cloud.Key).ToList();
        var now = time.GetUtcNow();
        var due = await store.ReadAsync(
            (context, token) => Due(context.Set<LinkedAccount>(), now).Where(account => !full.Contains(account.LinkedCloudId)).OrderBy(account => account.DueAt).Take(Looked)
                .Select(account => new { account.Id, account.LinkedCloudId }).ToListAsync(token),
            cancellationToken);
        Guid[] wanted = [.. due.GroupBy(account => account.LinkedCloudId).SelectMany(of => of.Take(most - ofClouds.GetValueOrDefault(of.Key))).Take(free).Select(account => account.Id)];
        return wanted.Length == 0 ? [] : await store.WriteAsync((context, token) => ClaimAsync(context, wanted, token), cancellationToken);
    }

    /// <summary>The account by which the user has linked that cloud anew; null: there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<Guid?> ReplacementOfAsync(LinkedAccount account, CancellationToken cancellationToken) => store.ReadAsync(
        (context, token) => Replacement(context, account).Select(other => (Guid?)other.Id).FirstOrDefaultAsync(token), cancellationToken);

    /// <summary>An account as it is now.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<LinkedAccount?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        store.ReadAsync((context, token) => context.Set<LinkedAccount>().SingleOrDefaultAsync(account => account.Id == id, token), cancellationToken);

    /// <summary>Notes how far a claimed account came; one whose lease another node took is that one's.</summary>
    /// <returns>Whether it was given up.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> SettleAsync(LinkedAccount claimed, CleanUp came, CancellationToken cancellationToken) => store.WriteAsync(
        async (context, token) =>
        {
            // Whether it is replaced has to stay true until it is noted: who links takes this lock too.
            await UserLock.TakeAsync(context, claimed.UserId, token);
            var account = await context.Set<LinkedAccount>().AsTracking().SingleOrDefaultAsync(one => one.Id == claimed.Id, token);
            if (account is null || account.WorkNode != claimed.WorkNode || account.WorkUntil != claimed.WorkUntil) return false;
            account.WorkNode = null;
            account.WorkUntil = null;
            if (came == CleanUp.Unfinished)
            {
                account.DueAt = time.GetUtcNow();
                return false;
            }

            if (came == CleanUp.Failed)
            {
                account.Failures++;
                if (UnlinkingRest.Sum(account.Failures, options.Value) < options.Value.GiveUpAfter)
                {
                    account.DueAt = time.GetUtcNow() + UnlinkingRest.After(account.Failures, options.Value);
                    return false;
                }
            }

            if (await Replacement(context, account).AnyAsync(token)) await KeepReplacedAsync(context, account, token);
            else await RemoveAsync(context, account, token);
            return came == CleanUp.Failed;
        },
        cancellationToken);

    /// <summary>Finds what a race or a kill left behind: accounts of clouds that are being removed, replaced ones that nothing replaces any more, clouds without accounts.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (left, kept, clouds) = await store.ReadAsync(
            async (context, token) =>
            {
                var removing = context.Set<LinkedCloud>().Where(cloud => cloud.Removing);
                return (
                    await context.Set<LinkedAccount>().Where(account => account.State != AccountState.Unlinking && removing.Any(cloud => cloud.Id == account.LinkedCloudId))
                        .Select(account => new { account.UserId, account.LinkedCloudId }).ToListAsync(token),
                    await Alone(context).AnyAsync(token),
                    await Empty(context).AnyAsync(token));
            },
            cancellationToken);
        foreach (var account in left)
        {
            await store.WriteAsync(
                async (context, token) =>
                {
                    await UserLock.TakeAsync(context, account.UserId, token);
                    await AccountEnding.EndAsync(context, mirrors, account.UserId, account.LinkedCloudId, now, token);
                },
                cancellationToken);
        }

        if (kept) await store.WriteAsync((context, token) => Alone(context).ExecuteUpdateAsync(row => row.SetProperty(account => account.DueAt, now), token), cancellationToken);
        if (clouds) await store.WriteAsync((context, token) => Empty(context).ExecuteDeleteAsync(token), cancellationToken);
    }

    private static IQueryable<LinkedAccount> Due(IQueryable<LinkedAccount> accounts, DateTimeOffset now) => accounts.Where(account =>
        account.State == AccountState.Unlinking && account.DueAt <= now && (account.WorkUntil == null || account.WorkUntil <= now));

    private static IQueryable<LinkedAccount> Alone(CloudDbContext context) => context.Set<LinkedAccount>().Where(account =>
        account.State == AccountState.Unlinking && account.DueAt == null && account.WorkNode == null
        && !context.Set<LinkedAccount>().Any(other => other.UserId == account.UserId && other.LinkedCloudId == account.LinkedCloudId && other.State != AccountState.Unlinking));

    private static IQueryable<LinkedCloud> Empty(CloudDbContext context) =>
        context.Set<LinkedCloud>().Where(cloud => cloud.Removing && !context.Set<LinkedAccount>().Any(account => account.LinkedCloudId == cloud.Id));

    private async Task<IReadOnlyList<LinkedAccount>> ClaimAsync(CloudDbContext context, Guid[] wanted, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rows = context.LocksRows
            ? await context.Set<LinkedAccount>().FromSqlRaw("""SELECT * FROM linked_accounts WHERE "Id" = ANY({0}) ORDER BY "Id" FOR UPDATE SKIP LOCKED""", wanted)
                .AsTracking().ToListAsync(cancellationToken)
            : await context.Set<LinkedAccount>().AsTracking().Where(account => wanted.Contains(account.Id)).ToListAsync(cancellationToken);
        List<LinkedAccount> claimed = [.. Due(rows.AsQueryable(), now)];
        foreach (var account in claimed)
        {
            account.WorkNode = node.Id;

            // A turn, then one call to cancel, or two to revoke, that were begun in it.
            account.WorkUntil = now + options.Value.TurnTime + (calls.Value.RequestTimeout * 2);
        }

        return claimed;
    }

    private static IQueryable<LinkedAccount> Replacement(CloudDbContext context, LinkedAccount account) => context.Set<LinkedAccount>()
        .Where(other => other.UserId == account.UserId && other.LinkedCloudId == account.LinkedCloudId && other.State != AccountState.Unlinking);

    private static async Task KeepReplacedAsync(CloudDbContext context, LinkedAccount account, CancellationToken cancellationToken)
    {
        await context.Set<RemoteSubscription>().Where(subscription => subscription.AccountId == account.Id).ExecuteDeleteAsync(cancellationToken);
        account.DueAt = null;
        account.Failures = 0;
        var over = await context.Set<LinkedAccount>()
            .Where(other => other.UserId == account.UserId && other.LinkedCloudId == account.LinkedCloudId && other.State == AccountState.Unlinking && other.DueAt == null && other.Id != account.Id)
            .OrderByDescending(other => other.LinkedAt).Skip(MaxReplaced - 1).Select(other => other.Id).ToListAsync(cancellationToken);
        await context.Set<LinkedAccount>().Where(other => over.Contains(other.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    private static async Task RemoveAsync(CloudDbContext context, LinkedAccount account, CancellationToken cancellationToken)
    {
        // Of two that are the last to go, neither sees that the other goes too, unless one waits.
        await CloudLock.TakeAsync(context, account.LinkedCloudId, cancellationToken);
        context.Remove(account);
        await context.SaveChangesAsync(cancellationToken);
        await Empty(context).Where(cloud => cloud.Id == account.LinkedCloudId).ExecuteDeleteAsync(cancellationToken);
    }
}
