using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Whether a linked cloud has events (<see cref="LinkedCloud.HasEvents"/>), as its answers and events show: what one account finds out is true for all.</summary>
internal sealed class CloudEvents(Store store, TimeProvider time)
{
    /// <summary>A cloud answered a subscription to its devices.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task LearnAsync(Guid cloud, SubscribeAnswerKind answer, CancellationToken cancellationToken)
    {
        if (answer == SubscribeAnswerKind.Made) await store.WriteAsync((context, token) => HasEventsAsync(context, cloud, token), cancellationToken);
        else if (answer == SubscribeAnswerKind.NoEvents) await store.WriteAsync((context, token) => HasNoEventsAsync(context, cloud, token), cancellationToken);
    }

    /// <summary>An account's cloud tells of its devices.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task LearnAsync(Guid account, CancellationToken cancellationToken) => store.WriteAsync(
        async (context, token) =>
        {
            var cloud = await context.Set<LinkedAccount>().Where(a => a.Id == account).Select(a => a.LinkedCloudId).SingleOrDefaultAsync(token);
            await HasEventsAsync(context, cloud, token);
        },
        cancellationToken);

    private async Task HasEventsAsync(CloudDbContext context, Guid cloud, CancellationToken cancellationToken)
    {
        var turned = await context.Set<LinkedCloud>().Where(c => c.Id == cloud && c.HasEvents != true)
            .ExecuteUpdateAsync(row => row.SetProperty(c => c.HasEvents, true), cancellationToken);
        if (turned == 0) return;
        // What one account found out is true for the others, which would else wait a day to ask.
        var now = time.GetUtcNow();
        var waiting = context.Set<RemoteSubscription>().Where(s => s.Level == SubscriptionLevel.Devices && s.State == RemoteSubscriptionState.Making && s.MadeAt > now);
        var accounts = await context.Set<LinkedAccount>().Where(a => a.LinkedCloudId == cloud && waiting.Any(s => s.AccountId == a.Id)).Select(a => a.Id)
            .ToArrayAsync(cancellationToken);
        if (accounts.Length == 0) return;
        await AccountLock.TakeAsync(context, accounts, cancellationToken);
        await waiting.Where(s => accounts.Contains(s.AccountId)).ExecuteUpdateAsync(row => row.SetProperty(s => s.MadeAt, now), cancellationToken);
        await context.Set<LinkedAccount>().Where(a => accounts.Contains(a.Id)).ExecuteUpdateAsync(row => row.SetProperty(a => a.DueAt, now), cancellationToken);
    }

    // Not where another account has its events: then it is this account's trouble.
    private static Task<int> HasNoEventsAsync(CloudDbContext context, Guid cloud, CancellationToken cancellationToken)
    {
        var live = from s in context.Set<RemoteSubscription>()
                   join a in context.Set<LinkedAccount>() on s.AccountId equals a.Id
                   where a.LinkedCloudId == cloud && s.State == RemoteSubscriptionState.Live && s.Level == SubscriptionLevel.Devices
                   select s;
        return context.Set<LinkedCloud>().Where(c => c.Id == cloud && c.HasEvents != false && !live.Any())
            .ExecuteUpdateAsync(row => row.SetProperty(c => c.HasEvents, false), cancellationToken);
    }
}
