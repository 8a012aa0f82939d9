using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.EventReceiver;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>
/// Which accounts a node works on: those that are due, or have events in the inbox. A claim is a lease in the account's row, by this process's clock; it is renewed while
/// the work goes on, and another node takes over what a dead one held.
/// </summary>
internal sealed class AccountClaims(Store store, NodeIdentity node, IOptions<CloudLinkingOptions> options, TimeProvider time)
{
    private readonly CloudLinkingOptions _options = options.Value;

    /// <summary>Gives back what this node's former life held. (SQLite: all; there is no other node.)</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task ReleaseFormerLifeAsync(CancellationToken cancellationToken)
    {
        var me = node.Id;
        return store.WriteAsync(
            (context, token) => context.Set<LinkedAccount>().Where(a => a.WorkNode != null && a.State != AccountState.Unlinking && (!context.LocksRows || a.WorkNode == me))
                .ExecuteUpdateAsync(
                    row => row.SetProperty(a => a.WorkNode, (Guid?)null).SetProperty(a => a.WorkUntil, (DateTimeOffset?)null).SetProperty(a => a.DueAt, time.GetUtcNow()), token),
            cancellationToken);
    }

    /// <summary>Claims accounts, the longest due first.</summary>
    /// <param name="max">How many at most.</param>
    /// <param name="running">Accounts that this process works on, with their clouds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<AccountInHand>> ClaimAsync(int max, IReadOnlyDictionary<Guid, Guid> running, CancellationToken cancellationToken)
    {
        // Looking in vain is what happens each second: it takes no writer's turn.
        var ofClouds = running.Values.CountBy(cloud => cloud).ToDictionary();
        var due = await store.ReadAsync((context, token) => DueAsync(context, max, [.. running.Keys], ofClouds, token), cancellationToken);
        List<Guid> claimed = [];
        foreach (var (account, cloud) in due)
        {
            var ofCloud = ofClouds.GetValueOrDefault(cloud);
            if (ofCloud >= _options.MaxAccountsPerCloud || claimed.Count == max) continue;
            ofClouds[cloud] = ofCloud + 1;
            claimed.Add(account);
        }
        return claimed.Count == 0 ? [] : await store.WriteAsync((context, token) => ClaimAsync(context, claimed, token), cancellationToken);
    }

    /// <summary>Says that the work on accounts goes on.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task RenewAsync(IReadOnlyCollection<Guid> accounts, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + _options.WorkLease;
        var me = node.Id;
        return store.WriteAsync(
            (context, token) => context.Set<LinkedAccount>().Where(a => accounts.Contains(a.Id) && a.WorkNode == me)
                .ExecuteUpdateAsync(row => row.SetProperty(a => a.WorkUntil, until), token),
            cancellationToken);
    }

    /// <summary>Writes how the work ended, and gives the account back.</summary>
    /// <param name="account">The account.</param>
    /// <param name="end">How it ended; null: it was broken off, and is due again.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer: the lease runs out.</exception>
    public Task SettleAsync(AccountInHand account, TurnEnd? end, CancellationToken cancellationToken) => store.WriteAsync(
        async (context, token) =>
        {
            var row = (await LockAsync(context, [account.Id], token)).FirstOrDefault();
            if (row is null || row.WorkNode != account.Node) return;
            row.WorkNode = null;
            row.WorkUntil = null;
            // Somebody has new work since: that time stays.
            var isUntouched = row.DueAt == account.DueAt;
            if (row.State == AccountState.Unlinking) return;
            if (end is null)
            {
                if (isUntouched) row.DueAt = time.GetUtcNow();
                return;
            }
            row.Failures = end.Trouble is null ? end.KeepsFailures ? row.Failures : 0 : row.Failures + 1;
            if (row.State == AccountState.Linked && !end.KeepsFailures) row.Trouble = end.Trouble?.Words;
            if (isUntouched && end.IsUnfinished && end.Trouble is null) row.DueAt = time.GetUtcNow();
            else if (isUntouched) row.DueAt = end.Trouble is null ? await NextAsync(context, row, account, end, token) : time.GetUtcNow() + Rest(row.Failures, end.Trouble.RetryAfter);
        },
        cancellationToken);

    /// <summary>When all devices of an account are retrieved next; null: not by themselves, for their events are heard.</summary>
    /// <param name="account">The account's row as it is now.</param>
    /// <param name="ofAll">Its subscription of the devices level that is live.</param>
    public DateTimeOffset? NextRetrieval(LinkedAccount account, RemoteSubscription? ofAll)
    {
        if (account.LastSyncAt is not { } synced) return DateTimeOffset.MinValue;
        if (account.NeedsRetrieval) return synced + _options.RetrievalPause;
        // Without it nobody tells.
        return ofAll is null ? synced + _options.PollInterval : null;
    }

    /// <summary>When a subscription of the devices level has been silent for so long that the other cloud may have forgotten it.</summary>
    public DateTimeOffset SilenceEnd(RemoteSubscription ofAll)
    {
        var heard = ofAll.LastEventAt is { } at && at > ofAll.MadeAt ? at : ofAll.MadeAt;
        // The same for one account each time, so that those that were linked together do not come together.
        return heard + (_options.SilenceLimit * (0.9 + (0.2 * (ofAll.AccountId.GetHashCode() & 0xFF) / 255)));
    }

    private TimeSpan Rest(int failures, TimeSpan? retryAfter)
    {
        var doubled = _options.RetryFirst * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        var rest = (doubled < _options.RetryMax ? doubled : _options.RetryMax) * (0.75 + (Random.Shared.NextDouble() / 2));
        if (retryAfter is { } asked && asked > rest) rest = asked;
        return rest < _options.RetryMax ? rest : _options.RetryMax;
    }

    private async Task<DateTimeOffset?> NextAsync(CloudDbContext context, LinkedAccount row, AccountInHand account, TurnEnd end, CancellationToken cancellationToken)
    {
        // Nothing was done about what was put off.
        if (end.KeepsFailures) return account.Account.DueAt;
        if (row.State != AccountState.Linked) return null;
        var ofAll = await SubscriptionRows.LiveOfAllAsync(context, row.Id, cancellationToken);
        var retrieval = NextRetrieval(row, ofAll);
        // A retrieval that is due already, but for what happened since it was made.
        if (retrieval <= time.GetUtcNow()) return retrieval;
        var next = retrieval ?? SilenceEnd(ofAll!);
        var hasEvents = ofAll is not null || await context.Set<LinkedCloud>().AnyAsync(c => c.Id == row.LinkedCloudId && c.HasEvents != false, cancellationToken);
        // Without events nothing is asked for but events of all devices.
        var waiting = await context.Set<RemoteSubscription>()
            .Where(s => s.AccountId == row.Id && s.State != RemoteSubscriptionState.Live
                && (hasEvents || s.State == RemoteSubscriptionState.Ending || s.Level == SubscriptionLevel.Devices))
            .OrderBy(s => s.MadeAt).Select(s => (DateTimeOffset?)s.MadeAt).FirstOrDefaultAsync(cancellationToken);
        if (waiting < next) next = waiting.Value;
        var interest = await (from i in context.Set<ResourceInterest>()
                              join s in context.Set<RemoteSubscription>() on i.RemoteSubscriptionId equals s.Id
                              where s.AccountId == row.Id && s.State != RemoteSubscriptionState.Ending
                              orderby i.Until
                              select (DateTimeOffset?)i.Until).FirstOrDefaultAsync(cancellationToken);
        if (interest < next) next = interest.Value;
        // What could not be done now is not tried without a pause.
        var soonest = time.GetUtcNow() + _options.LookInterval;
        return next > soonest ? next : soonest;
    }

    // More than are wanted: one cloud's may be the first of all, and only some of it are taken.
    private async Task<List<(Guid Account, Guid Cloud)>> DueAsync(
        CloudDbContext context, int max, Guid[] running, Dictionary<Guid, int> ofClouds, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        Guid[] full = [.. ofClouds.Where(of => of.Value >= _options.MaxAccountsPerCloud).Select(of => of.Key)];
        var free = context.Set<LinkedAccount>().Where(a => (a.WorkUntil == null || a.WorkUntil <= now) && !running.Contains(a.Id) && !full.Contains(a.LinkedCloudId));
        var due = await free.Where(a => a.State == AccountState.Linked && a.DueAt <= now).OrderBy(a => a.DueAt).Select(a => new { a.Id, a.LinkedCloudId })
            .Take(max * 2).ToListAsync(cancellationToken);
        var withEvents = context.Set<InboxEvent>().Select(e => e.AccountId).Distinct();
        due.AddRange(await free.Where(a => a.State != AccountState.Unlinking && withEvents.Contains(a.Id)).OrderBy(a => a.LastEventAt).Select(a => new { a.Id, a.LinkedCloudId })
            .Take(max * 2).ToListAsync(cancellationToken));
        return [.. due.Distinct().Select(a => (a.Id, a.LinkedCloudId))];
    }

    private async Task<IReadOnlyList<AccountInHand>> ClaimAsync(CloudDbContext context, List<Guid> due, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var claimed = new List<AccountInHand>(due.Count);
        foreach (var row in await LockAsync(context, due, cancellationToken, skip: true))
        {
            // Another node was quicker.
            if (row.State == AccountState.Unlinking || row.WorkUntil > now) continue;
            var cloud = await context.Set<LinkedCloud>().AsNoTracking().SingleAsync(c => c.Id == row.LinkedCloudId, cancellationToken);
            var asFound = (LinkedAccount)context.Entry(row).CurrentValues.ToObject();
            row.WorkNode = node.Id;
            row.WorkUntil = now + _options.WorkLease;
            row.DueAt = now + _options.WorkLease;
            claimed.Add(new AccountInHand(asFound, cloud, node.Id, row.DueAt.Value) { IsDue = asFound.DueAt <= now });
        }
        return claimed;
    }

    private static Task<List<LinkedAccount>> LockAsync(CloudDbContext context, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken, bool skip = false)
    {
        var all = ids.ToArray();
        if (!context.LocksRows) return context.Set<LinkedAccount>().Where(a => all.Contains(a.Id)).ToListAsync(cancellationToken);
        return (skip
            ? context.Set<LinkedAccount>().FromSql($"""SELECT * FROM linked_accounts WHERE "Id" = ANY({all}) ORDER BY "Id" FOR UPDATE SKIP LOCKED""")
            : context.Set<LinkedAccount>().FromSql($"""SELECT * FROM linked_accounts WHERE "Id" = ANY({all}) ORDER BY "Id" FOR UPDATE""")).ToListAsync(cancellationToken);
    }
}
