using System.Threading.RateLimiting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>The rows of subscriptions to resources, and the interest of this node in them.</summary>
internal sealed class ResourceSubscriptions(
    Store store, SubscriptionRows rows, SubscriptionCalls calls, AccountWork work, NodeIdentity node, IOptions<CloudLinkingOptions> options, TimeProvider time)
    : IResourceSubscriptions, IDisposable
{
    // Parameters of one statement of SQLite.
    private const int IdsAtOnce = 500;

    private readonly CloudLinkingOptions _options = options.Value;

    // Without observers there is no place: each observed resource waits for one only.
    private readonly PartitionedRateLimiter<Guid> _places = PartitionedRateLimiter.Create<Guid, Guid>(account => RateLimitPartition.GetConcurrencyLimiter(
        account,
        _ => new ConcurrencyLimiterOptions { PermitLimit = options.Value.MaxParallelSubscriptions, QueueLimit = int.MaxValue, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));

    /// <inheritdoc/>
    public async Task<EnsuredSubscription> EnsureAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken)
    {
        // Of many observers that come at once only some ask at once: neither clients' requests nor other users' work wait for all of them.
        using var place = await _places.AcquireAsync(account, 1, cancellationToken);
        var (found, request, cloud) = await store.WriteAsync((context, token) => FindOrMakeAsync(context, account, device, href, token), cancellationToken);
        if (request is null) return found;
        var answer = await calls.SubscribeAsync(cloud!.Name, request, isBackground: true, cancellationToken);
        await rows.SettleAsync(cloud.Id, [(request, answer)], cancellationToken);
        // What is put off is the worker's: it has to look when that is due.
        if (answer.Kind is SubscribeAnswerKind.Failed or SubscribeAnswerKind.Refused or SubscribeAnswerKind.Broken) await MakeDueAsync(account, cancellationToken);
        return answer.Kind switch
        {
            SubscribeAnswerKind.Made => new EnsuredSubscription(EnsureOutcome.Live, request.Id),
            SubscribeAnswerKind.UnknownTarget => new EnsuredSubscription(EnsureOutcome.UnknownTarget),
            SubscribeAnswerKind.NoEvents => new EnsuredSubscription(EnsureOutcome.NoEvents),
            SubscribeAnswerKind.NeedsLinking => new EnsuredSubscription(EnsureOutcome.NoAccount),
            _ => new EnsuredSubscription(EnsureOutcome.Pending, request.Id),
        };
    }

    /// <inheritdoc/>
    public async Task EndAsync(Guid account, DeviceId device, string href, CancellationToken cancellationToken)
    {
        var me = node.Id;
        var ended = await store.WriteAsync(
            async (context, token) =>
            {
                // Locked, as by who asks: another node's interest comes before or after.
                if (await AccountLock.TakeAsync(context, [account], token) is not [var of]) return false;
                var subscriptions = Of(context, account, device, href);
                await context.Set<ResourceInterest>().Where(i => i.Node == me && subscriptions.Any(s => s.Id == i.RemoteSubscriptionId)).ExecuteDeleteAsync(token);
                var unwanted = subscriptions.Where(s => !context.Set<ResourceInterest>().Any(i => i.RemoteSubscriptionId == s.Id));
                if (await SubscriptionEndings.End(context, unwanted, time.GetUtcNow(), token) == 0) return false;
                await MirrorStore.RemoveValueAsync(context, of.UserId, of.LinkedCloudId, device, href, token);
                return true;
            },
            cancellationToken);
        if (ended) await MakeDueAsync(account, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlySet<Guid>> RenewAsync(IReadOnlyCollection<Guid> subscriptions, CancellationToken cancellationToken)
    {
        var me = node.Id;
        var live = new HashSet<Guid>();
        foreach (var some in subscriptions.Chunk(IdsAtOnce))
        {
            var until = time.GetUtcNow() + _options.InterestTime;
            live.UnionWith(await store.WriteAsync(
                async (context, token) =>
                {
                    await context.Set<ResourceInterest>().Where(i => i.Node == me && some.Contains(i.RemoteSubscriptionId))
                        .ExecuteUpdateAsync(row => row.SetProperty(i => i.Until, until), token);
                    return await (from s in context.Set<RemoteSubscription>()
                                  join a in context.Set<LinkedAccount>() on s.AccountId equals a.Id
                                  join i in context.Set<ResourceInterest>() on s.Id equals i.RemoteSubscriptionId
                                  where some.Contains(s.Id) && s.State == RemoteSubscriptionState.Live && a.State == AccountState.Linked && i.Node == me
                                  select s.Id).ToListAsync(token);
                },
                cancellationToken));
        }
        return live;
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private static IQueryable<RemoteSubscription> Of(CloudDbContext context, Guid account, DeviceId device, string href) =>
        SubscriptionRows.OfAccount(context, account).Where(s => s.Level == SubscriptionLevel.Resource && s.DeviceId == device && s.Href == href);

    private async Task<(EnsuredSubscription Found, RequestedSubscription? Request, LinkedCloud? Cloud)> FindOrMakeAsync(
        CloudDbContext context, Guid account, DeviceId device, string href, CancellationToken cancellationToken)
    {
        // One at a time for an account: there is one row for one target.
        if (await AccountLock.TakeAsync(context, [account], cancellationToken) is not [{ State: AccountState.Linked } of]) return (new EnsuredSubscription(EnsureOutcome.NoAccount), null, null);
        var row = await Of(context, account, device, href).AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        if (row is not null && (row.State == RemoteSubscriptionState.Live || row.MadeAt > time.GetUtcNow()))
        {
            await NoteInterestAsync(context, row.Id, cancellationToken);
            return (new EnsuredSubscription(row.State == RemoteSubscriptionState.Live ? EnsureOutcome.Live : EnsureOutcome.Pending, row.Id), null, null);
        }
        var cloud = await context.Set<LinkedCloud>().AsNoTracking().SingleAsync(c => c.Id == of.LinkedCloudId, cancellationToken);
        if (cloud.HasEvents == false && await SubscriptionRows.LiveOfAllAsync(context, account, cancellationToken) is null) return (new EnsuredSubscription(EnsureOutcome.NoEvents), null, null);
        var request = (row is null ? null : await rows.RemakeAsync(context, row, cancellationToken)) ?? rows.Make(context, account, SubscriptionLevel.Resource, device, href);
        await context.SaveChangesAsync(cancellationToken);
        await NoteInterestAsync(context, request.Id, cancellationToken);
        return (new EnsuredSubscription(EnsureOutcome.Pending, request.Id), request, cloud);
    }

    private async Task NoteInterestAsync(CloudDbContext context, Guid subscription, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + _options.InterestTime;
        var me = node.Id;
        var renewed = await context.Set<ResourceInterest>().Where(i => i.RemoteSubscriptionId == subscription && i.Node == me)
            .ExecuteUpdateAsync(row => row.SetProperty(i => i.Until, until), cancellationToken);
        if (renewed == 0) context.Add(new ResourceInterest { RemoteSubscriptionId = subscription, Node = me, Until = until });
    }

    // What fails at the account is tried again when that is due: not because somebody observes.
    private async Task MakeDueAsync(Guid account, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await store.WriteAsync(
            (context, token) => context.Set<LinkedAccount>().Where(a => a.Id == account && a.Failures == 0 && (a.DueAt == null || a.DueAt > now))
                .ExecuteUpdateAsync(row => row.SetProperty(a => a.DueAt, now), token),
            cancellationToken);
        work.Set();
    }
}
