using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>The rows of subscriptions at other clouds that nobody wants any more: marked first, cancelled there, then forgotten.</summary>
internal sealed class SubscriptionEndings(Store store, IOptions<CloudLinkingOptions> options, TimeProvider time)
{
    private readonly CloudLinkingOptions _options = options.Value;

    /// <summary>Ends the subscriptions of devices that are not mirrored any more, and those of resources that nobody observes.</summary>
    public async Task EndUnwantedAsync(CloudDbContext context, AccountInHand account, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var mirrored = MirrorStore.IdsOf(context, account.User, account.CloudId);
        await End(context, SubscriptionRows.OfAccount(context, account.Id).Where(s => s.DeviceId != null && !mirrored.Any(device => device == s.DeviceId)), now, cancellationToken);
        var expired = SubscriptionRows.OfAccount(context, account.Id)
            .Where(s => s.Level == SubscriptionLevel.Resource && !context.Set<ResourceInterest>().Any(i => i.RemoteSubscriptionId == s.Id && i.Until > now));
        foreach (var subscription in await expired.AsNoTracking().ToListAsync(cancellationToken))
            await MirrorStore.RemoveValueAsync(context, account.User, account.CloudId, subscription.DeviceId!.Value, subscription.Href!, cancellationToken);
        await End(context, expired, now, cancellationToken);
        await Expired(context, account, now).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Whether <see cref="EndUnwantedAsync"/> has something to do.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> IsAnyUnwantedAsync(AccountInHand account, CancellationToken cancellationToken) => store.ReadAsync(
        async (context, token) =>
        {
            var now = time.GetUtcNow();
            var mirrored = MirrorStore.IdsOf(context, account.User, account.CloudId);
            return await Expired(context, account, now).AnyAsync(token)
                || await SubscriptionRows.OfAccount(context, account.Id).AnyAsync(
                    s => (s.DeviceId != null && !mirrored.Any(device => device == s.DeviceId))
                        || (s.Level == SubscriptionLevel.Resource && !context.Set<ResourceInterest>().Any(i => i.RemoteSubscriptionId == s.Id && i.Until > now)),
                    token);
        },
        cancellationToken);

    /// <summary>Subscriptions that are to be cancelled at the other cloud now.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<List<RemoteSubscription>> EndingAsync(AccountInHand account, int max, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return store.ReadAsync(
            (context, token) => context.Set<RemoteSubscription>().Where(s => s.AccountId == account.Id && s.State == RemoteSubscriptionState.Ending && s.MadeAt <= now)
                .OrderBy(s => s.MadeAt).Take(max).ToListAsync(token),
            cancellationToken);
    }

    /// <summary>Forgets ended subscriptions, and lets those that could not be cancelled wait.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task SettleEndingAsync(AccountInHand account, IReadOnlyCollection<(Guid Id, UnsubscribeAnswer? Answer)> answers, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return store.WriteAsync(
            async (context, token) =>
            {
                await AccountLock.TakeAsync(context, [account.Id], token);
                foreach (var of in answers.GroupBy(a => a.Answer?.Kind ?? UnsubscribeAnswerKind.Over))
                {
                    Guid[] ids = [.. of.Select(a => a.Id)];
                    var rows = context.Set<RemoteSubscription>().Where(s => ids.Contains(s.Id));
                    var at = of.Key == UnsubscribeAnswerKind.Broken ? now + _options.ResubscribeDelay : now;
                    if (of.Key is UnsubscribeAnswerKind.Over or UnsubscribeAnswerKind.Unknown) await rows.ExecuteDeleteAsync(token);
                    else await rows.ExecuteUpdateAsync(row => row.SetProperty(s => s.MadeAt, at), token);
                }
            },
            cancellationToken);
    }

    // Of nodes that have no observers any more, or are gone.
    private static IQueryable<ResourceInterest> Expired(CloudDbContext context, AccountInHand account, DateTimeOffset now) => context.Set<ResourceInterest>()
        .Where(i => i.Until <= now && context.Set<RemoteSubscription>().Any(s => s.Id == i.RemoteSubscriptionId && s.AccountId == account.Id));

    /// <summary>Has subscriptions cancelled at the other cloud.</summary>
    internal static Task<int> End(CloudDbContext context, IQueryable<RemoteSubscription> subscriptions, DateTimeOffset now, CancellationToken cancellationToken) =>
        subscriptions.ExecuteUpdateAsync(row => row.SetProperty(s => s.State, RemoteSubscriptionState.Ending).SetProperty(s => s.MadeAt, now), cancellationToken);
}
