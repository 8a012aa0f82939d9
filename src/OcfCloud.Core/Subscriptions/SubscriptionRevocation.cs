using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Subscriptions;

/// <summary>Ends the subscriptions of somebody who may not read any more: what was queued is not told, one last subscription_cancelled is
/// (cloud-to-cloud.md, 1.2 and 1.4). What a sender has claimed already may still go out.</summary>
public sealed class SubscriptionRevocation
{
    private readonly Outbox _outbox;
    private readonly TimeProvider _time;

    internal SubscriptionRevocation(Outbox outbox, TimeProvider time) => (_outbox, _time) = (outbox, time);

    /// <summary>Ends those of a client that a user does not let in any more.</summary>
    /// <param name="context">A context of <see cref="Store.WriteAsync{T}"/>.</param>
    /// <param name="user">The user.</param>
    /// <param name="client">The client.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many have ended now.</returns>
    public async Task<int> RevokeAsync(CloudDbContext context, UserId user, string client, CancellationToken cancellationToken)
    {
        // One that is being made is waited for.
        await context.LockUserAsync(user, cancellationToken);
        return await RevokeAsync(context, context.Set<SubscriptionRow>().Where(s => s.UserId == user && s.Client == client), cancellationToken);
    }

    /// <summary>Ends those of a client that is there no more, of all users.</summary>
    /// <inheritdoc cref="RevokeAsync(CloudDbContext, UserId, string, CancellationToken)"/>
    public Task<int> RevokeAsync(CloudDbContext context, string client, CancellationToken cancellationToken) =>
        RevokeAsync(context, context.Set<SubscriptionRow>().Where(s => s.Client == client), cancellationToken);

    /// <summary>The clients that hear events of a user: whom there is something to take from, whether or not a token is left to them.</summary>
    /// <param name="context">A context of <see cref="Store.ReadAsync{T}"/>.</param>
    /// <param name="user">The user.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<SubscribedClient>> ClientsOfAsync(CloudDbContext context, UserId user, CancellationToken cancellationToken) =>
        await context.Set<SubscriptionRow>().Where(s => s.UserId == user && s.Phase <= SubscriptionPhase.Live).GroupBy(s => s.Client)
            .Select(g => new SubscribedClient(g.Key, g.Min(s => s.CreatedAt))).ToListAsync(cancellationToken);

    /// <summary>Ends all of a user whose row the caller has locked.</summary>
    internal Task<int> RevokeAsync(CloudDbContext context, UserId user, CancellationToken cancellationToken) =>
        RevokeAsync(context, context.Set<SubscriptionRow>().Where(s => s.UserId == user), cancellationToken);

    /// <summary>Ends those of resources that their clients may not observe by the rules of a user whose row the caller has locked (device-to-cloud.md, 8).</summary>
    internal async Task<int> RevokeForbiddenAsync(CloudDbContext context, UserId user, AccessRuleSet rules, CancellationToken cancellationToken)
    {
        if (rules.IsEmpty) return 0;
        var ofResources = await context.LockSubscriptionsAsync(
            context.Set<SubscriptionRow>().Where(s => s.UserId == user && s.Level == SubscriptionLevel.Resource), cancellationToken);
        return await RevokeAsync(context, ofResources.FindAll(s => !s.IsAllowedBy(rules)), cancellationToken);
    }

    private async Task<int> RevokeAsync(CloudDbContext context, IQueryable<SubscriptionRow> which, CancellationToken cancellationToken) =>
        await RevokeAsync(context, await context.LockSubscriptionsAsync(which, cancellationToken), cancellationToken);

    private async Task<int> RevokeAsync(CloudDbContext context, List<SubscriptionRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return 0;
        var ids = rows.ConvertAll(row => row.Id);
        var deliveries = await context.LockDeliveriesAsync(ids, cancellationToken);
        var ended = 0;
        foreach (var row in rows)
        {
            var delivery = deliveries[row.Id];
            // The last of one that has ended before tells nothing but that.
            var dropped = row.Phase == SubscriptionPhase.Ended
                ? delivery.Drop(row.NextNumber - 1, _time.GetUtcNow())
                : delivery.Drop(row.NextNumber, next: null);
            if (dropped) delivery.ForgetFailures();
            if (row.Phase > SubscriptionPhase.Live) continue;
            row.Phase = SubscriptionPhase.Ending;
            _outbox.Add(context, EventKind.SubscriptionCancelled, row);
            ended++;
        }
        await context.SaveChangesAsync(cancellationToken);
        await context.RemoveSettledAsync(ids, cancellationToken);
        return ended;
    }
}
