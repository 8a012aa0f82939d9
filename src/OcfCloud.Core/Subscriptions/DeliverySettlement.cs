using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Subscriptions;

/// <summary>What comes of attempts, in the store.</summary>
/// <remarks>Subscriptions are locked first, then the senders' rows, and only then is looked what waits: the dispatcher, which adds, does the same. So "nothing waits"
/// is never written over something that was just added.</remarks>
internal sealed class DeliverySettlement(Outbox outbox, TimeProvider time)
{
    /// <summary>Writes results of a node's claims. One whose claim this node has not got (any more) is left out, so writing twice is writing once.</summary>
    public async Task WriteAsync(CloudDbContext context, Guid node, IReadOnlyCollection<DeliveryResult> results, CancellationToken cancellationToken)
    {
        var ids = results.Select(r => r.Id).Distinct().ToList();
        var subscriptions = (await context.LockSubscriptionsAsync(context.Set<SubscriptionRow>().Where(s => ids.Contains(s.Id)), cancellationToken)).ToDictionary(s => s.Id);
        var deliveries = await context.LockDeliveriesAsync([.. subscriptions.Keys], cancellationToken);
        var held = results.Where(r => deliveries.TryGetValue(r.Id, out var delivery) && delivery.Owner == node && (r.Claim is null || r.Claim == delivery.Claim)).ToList();
        var kinds = await KindsAsync(context, held, cancellationToken);
        var settled = new List<Guid>();
        foreach (var result in held)
        {
            var (subscription, delivery) = (subscriptions[result.Id], deliveries[result.Id]);
            Confirm(delivery, result, kinds);
            var goes = result.Ending == DeliveryEnding.Gone
                || (result.Ending == DeliveryEnding.GivenUp && !GiveUp(context, subscription, delivery))
                || (subscription.Phase == SubscriptionPhase.Ended && delivery.Oldest == subscription.NextNumber);
            if (goes)
            {
                // Gone without an end of its own: that it is over is told to this cloud's nodes all the same.
                if (subscription.Phase <= SubscriptionPhase.Live) outbox.Add(context, EventKind.SubscriptionCancelled, subscription);
                // With it, by cascade, what waits.
                context.Remove(subscription);
                continue;
            }
            settled.Add(result.Id);
            delivery.Release(NextAttempt(subscription, delivery, result));
        }
        await context.SaveChangesAsync(cancellationToken);
        await context.RemoveSettledAsync(settled, cancellationToken);
    }

    private void Confirm(DeliveryRow delivery, DeliveryResult result, Dictionary<(Guid Id, long Number), EventKind> kinds)
    {
        // What was dropped meanwhile was confirmed all the same.
        if (result.Confirmed is not { } confirmed) return;
        delivery.DeliveredNumber = confirmed;
        delivery.DeliveredKind = kinds.TryGetValue((result.Id, confirmed), out var kind) ? kind : delivery.DeliveredKind;
        delivery.DeliveredAt = time.GetUtcNow();
        delivery.Oldest = Math.Max(delivery.Oldest, confirmed + 1);
        delivery.ForgetFailures();
    }

    // The last subscription_cancelled is tried as well, and once: the failures before it stay, and so the time since the first one.
    private bool GiveUp(CloudDbContext context, SubscriptionRow subscription, DeliveryRow delivery)
    {
        switch (subscription.Phase)
        {
            case SubscriptionPhase.Ended when delivery.Oldest >= subscription.NextNumber - 1:
                return false;
            case SubscriptionPhase.Ended:
                delivery.Oldest = subscription.NextNumber - 1;
                return true;
            case SubscriptionPhase.Live:
                subscription.Phase = SubscriptionPhase.Ending;
                outbox.Add(context, EventKind.SubscriptionCancelled, subscription);
                break;
        }
        delivery.Oldest = subscription.NextNumber;
        return true;
    }

    private DateTimeOffset? NextAttempt(SubscriptionRow subscription, DeliveryRow delivery, DeliveryResult result)
    {
        var now = time.GetUtcNow();
        var waits = delivery.Oldest < subscription.NextNumber;
        if (result.Ending != DeliveryEnding.Failed) return waits ? result.NextAttemptAt ?? now : null;
        var failed = result.Confirmed + 1 ?? delivery.ClaimedFrom;
        if (failed < delivery.Oldest)
        {
            // It is not told any more; what came after it has not failed.
            delivery.ForgetFailures();
            return waits ? now : null;
        }
        delivery.FailedAttempts++;
        delivery.FirstFailedAt ??= now;
        delivery.LastFailure = result.Failure is { Length: > DeliveryQueue.MaxFailureLength } tooLong ? tooLong[..DeliveryQueue.MaxFailureLength] : result.Failure;
        return result.NextAttemptAt ?? now;
    }

    private static async Task<Dictionary<(Guid Id, long Number), EventKind>> KindsAsync(
        CloudDbContext context, List<DeliveryResult> held, CancellationToken cancellationToken)
    {
        var ids = held.Where(r => r.Confirmed is not null).Select(r => r.Id).ToList();
        var numbers = held.Select(r => r.Confirmed).OfType<long>().Distinct().ToList();
        return ids.Count == 0
            ? []
            : await context.Set<NotificationRow>().Where(n => ids.Contains(n.SubscriptionId) && numbers.Contains(n.Number))
                .Select(n => new { n.SubscriptionId, n.Number, n.Kind }).ToDictionaryAsync(n => (n.SubscriptionId, n.Number), n => n.Kind, cancellationToken);
    }
}
