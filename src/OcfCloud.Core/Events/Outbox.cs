using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Events;

/// <summary>Where events are written: in the transaction that writes the state, after the row of their device, or without one of their user, was locked.</summary>
internal sealed class Outbox(TimeProvider time)
{
    /// <summary>Adds an event to the caller's transaction. Several of one transaction keep their order.</summary>
    public void Add(CloudDbContext context, EventKind kind, UserId user, DeviceId? device = null, long session = 0, byte[]? payload = null) =>
        Add(context, new OutboxRow { Kind = kind, UserId = user, DeviceId = device, Session = session, Payload = payload, At = time.GetUtcNow() });

    /// <summary>Adds an event of a subscription whose row the caller made or locked.</summary>
    public void Add(CloudDbContext context, EventKind kind, SubscriptionRow subscription) =>
        Add(context, new OutboxRow
        {
            Kind = kind,
            UserId = subscription.UserId,
            DeviceId = subscription.DeviceId,
            SubscriptionId = subscription.Id,
            At = time.GetUtcNow(),
        });

    /// <summary>Adds a changed representation; its time is when it changed.</summary>
    public static void AddChanged(CloudDbContext context, UserId user, TwinRow changed) =>
        Add(context, new OutboxRow
        {
            Kind = EventKind.ResourceContentChanged,
            UserId = user,
            DeviceId = changed.DeviceId,
            Href = changed.Href,
            Payload = TwinEventPayload.Encode(changed.Representation, changed.ContentFormat),
            At = changed.ChangedAt,
        });

    private static void Add(CloudDbContext context, OutboxRow row)
    {
        context.Set<OutboxRow>().Add(row);
        context.HasEvents = true;
    }
}
