using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Subscriptions;

/// <summary>
/// Makes notifications of the events that the dispatcher takes, in its transaction (architecture.md, Subscriptions).
/// <code>
///   a batch in id order ──► one query: the subscriptions concerned, locked ──► none: done
///      SubscriptionMade: actual state, live from here on · SubscriptionCancelled: the last one
///      else: one for each live subscription of its level; what went takes its subscriptions along
///   ──► senders' rows locked, notifications inserted, senders woken by the hints after the commit
/// </code>
/// </summary>
internal sealed class SubscriptionDispatch(SubscriptionOptions options, TimeProvider time, NotificationWriter bodies)
{
    // Notifications written by one transaction before it takes no further event.
    private const int MaxNotifications = 5_000;

    /// <summary>Tells a batch.</summary>
    /// <returns>How many of the events, from the first on, are told: the others are for the next transaction. And the hints of what ended and of what waits.</returns>
    public async Task<(int Told, IReadOnlyCollection<Hint> Hints)> TellAsync(
        CloudDbContext context, IReadOnlyList<TakenEvent> events, CancellationToken cancellationToken)
    {
        var subscriptions = await ConcernedSubscriptions.LoadAsync(context, events, cancellationToken);
        if (subscriptions.IsEmpty) return (events.Count, []);
        var payloads = await ReadPayloadsAsync(context, events, subscriptions, cancellationToken);
        var numbering = new NotificationNumbering(context, options, time.GetUtcNow());
        // The state that they were told holds what the rest of this batch says.
        var made = new HashSet<SubscriptionRow>();
        var told = 0;
        for (; told < events.Count && numbering.Count < MaxNotifications && numbering.Bytes < options.MaxDispatchedBytes; told++)
        {
            var e = events[told];
            var payload = payloads.GetValueOrDefault(e.Id);
            if (e.Kind == EventKind.SubscriptionMade) await BeginAsync(context, subscriptions.Named(e), e, numbering, made, cancellationToken);
            else if (e.Kind == EventKind.SubscriptionCancelled) End(subscriptions.Named(e), e, numbering);
            else Tell(subscriptions, e, payload, numbering, made);
        }
        await numbering.SaveAsync(cancellationToken);
        // Only where there is something to send: whose devices nobody has subscribed to does not wake the senders.
        return (told, numbering.Count > 0 ? [.. numbering.Ended, new Hint(EventKind.NotificationsWait, default, null, 0)] : []);
    }

    private async Task BeginAsync(
        CloudDbContext context, SubscriptionRow? subscription, TakenEvent e, NotificationNumbering numbering, HashSet<SubscriptionRow> made,
        CancellationToken cancellationToken)
    {
        // Ended before it began: its end follows.
        if (subscription is not { Phase: SubscriptionPhase.Made }) return;
        // Whoever replaced the rules while it was being made has not seen it.
        if (subscription.Href is not null && !subscription.IsAllowedBy(new AccessRuleSet(await AccessRuleStore.GetAsync(context, subscription.UserId, cancellationToken))))
        {
            numbering.End(subscription, e.At);
            return;
        }
        foreach (var (kind, body) in await FirstNotifications.WriteAsync(context, subscription, bodies, time.GetUtcNow(), cancellationToken))
            numbering.Add(subscription, kind, e.At, body);
        subscription.Phase = SubscriptionPhase.Live;
        made.Add(subscription);
    }

    private static void End(SubscriptionRow? subscription, TakenEvent e, NotificationNumbering numbering)
    {
        if (subscription is { Phase: SubscriptionPhase.Ending }) numbering.End(subscription, e.At);
    }

    private void Tell(ConcernedSubscriptions subscriptions, TakenEvent e, byte[]? payload, NotificationNumbering numbering, HashSet<SubscriptionRow> made)
    {
        EventBody? body = null;
        foreach (var subscription in subscriptions.HearersOf(e))
        {
            if (subscription.Phase != SubscriptionPhase.Live || subscription.UserId != e.UserId || !subscription.Kinds.Contains(e.Kind)) continue;
            if (made.Contains(subscription) || (subscription.DeviceId is not null && e.Id <= subscription.ToldUntil)) continue;
            body ??= BodyOf(e, payload);
            var (contentType, bytes) = body.In(subscription.Encoding);
            numbering.Add(subscription, e.Kind, e.At, contentType, bytes);
        }
        foreach (var subscription in TakenAlong(subscriptions, e, payload))
        {
            if (subscription.Phase == SubscriptionPhase.Live && subscription.UserId == e.UserId) numbering.End(subscription, e.At);
        }
    }

    // An unpublished link takes those of its resource along, a device all of its own.
    private static IEnumerable<SubscriptionRow> TakenAlong(ConcernedSubscriptions subscriptions, TakenEvent e, byte[]? payload)
    {
        if (e.DeviceId is not { } device) return [];
        if (e.Kind == EventKind.DeviceUnregistered) return subscriptions.OfDevice(device).Concat(subscriptions.OfResources(device));
        if (e.Kind != EventKind.ResourcesUnpublished || payload is null) return [];
        var hrefs = LinkEventPayload.Decode(payload).Select(l => l.Href.Value).ToHashSet(StringComparer.Ordinal);
        return subscriptions.OfResources(device).Where(s => hrefs.Contains(s.Href!));
    }

    private EventBody BodyOf(TakenEvent e, byte[]? payload)
    {
        var device = e.DeviceId!.Value;
        switch (e.Kind)
        {
            case EventKind.ResourcesPublished or EventKind.ResourcesUnpublished:
                var links = LinkEventPayload.Decode(payload!);
                return new EventBody(encoding => bodies.Links(device, links, encoding));
            case EventKind.ResourceContentChanged:
                var (representation, contentFormat) = TwinEventPayload.Decode(payload!);
                return new EventBody(encoding => bodies.Representation(new TwinRepresentation(device, e.Href!, representation, contentFormat, e.At), encoding));
            default:
                return new EventBody(encoding => bodies.Devices([device], encoding));
        }
    }

    private static async Task<Dictionary<long, byte[]>> ReadPayloadsAsync(
        CloudDbContext context, IReadOnlyList<TakenEvent> events, ConcernedSubscriptions subscriptions, CancellationToken cancellationToken)
    {
        var ids = events.Where(e => e.Kind is EventKind.ResourcesPublished or EventKind.ResourcesUnpublished or EventKind.ResourceContentChanged
                && (subscriptions.HearersOf(e).Any() || (e.Kind == EventKind.ResourcesUnpublished && subscriptions.OfResources(e.DeviceId!.Value).Any())))
            .Select(e => e.Id).ToArray();
        return ids.Length == 0
            ? []
            : await context.Set<OutboxRow>().AsNoTracking().Where(r => ids.Contains(r.Id) && r.Payload != null)
                .ToDictionaryAsync(r => r.Id, r => r.Payload!, cancellationToken);
    }
}
