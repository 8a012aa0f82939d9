using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Subscriptions;

/// <summary>Numbers the notifications of one transaction of the dispatcher, which alone numbers, and wakes the senders' rows.</summary>
internal sealed class NotificationNumbering(CloudDbContext context, SubscriptionOptions options, DateTimeOffset now)
{
    private readonly List<NotificationRow> _added = [];
    private readonly Dictionary<Guid, SubscriptionRow> _touched = [];
    private readonly HashSet<Hint> _ended = [];

    public int Count => _added.Count;

    /// <summary>Of all bodies.</summary>
    public long Bytes { get; private set; }

    /// <summary>Hints of the subscriptions that have ended here.</summary>
    public IReadOnlyCollection<Hint> Ended => _ended;

    public void Add(SubscriptionRow subscription, EventKind kind, DateTimeOffset at, NotificationBody body) =>
        Add(subscription, kind, at, body.ContentType, body.Bytes.ToArray());

    public void Add(SubscriptionRow subscription, EventKind kind, DateTimeOffset at, string? contentType, byte[] body)
    {
        _touched[subscription.Id] = subscription;
        Bytes += body.Length;
        _added.Add(new NotificationRow
        {
            SubscriptionId = subscription.Id,
            Number = subscription.NextNumber++,
            Kind = kind,
            At = at,
            ContentType = contentType,
            Body = body,
        });
    }

    /// <summary>Numbers the last one.</summary>
    public void End(SubscriptionRow subscription, DateTimeOffset at)
    {
        subscription.Phase = SubscriptionPhase.Ended;
        _ended.Add(new Hint(EventKind.SubscriptionCancelled, subscription.UserId, subscription.DeviceId, 0));
        Add(subscription, EventKind.SubscriptionCancelled, at, NotificationBody.None);
    }

    public async Task SaveAsync(CancellationToken cancellationToken)
    {
        var deliveries = await context.LockDeliveriesAsync(_touched.Keys, cancellationToken);
        var givenUp = new List<Guid>();
        foreach (var (id, subscription) in _touched)
        {
            var delivery = deliveries[id];
            if (subscription.Phase == SubscriptionPhase.Live && subscription.NextNumber - delivery.Oldest > options.MaxUndelivered)
            {
                // Its failures stay: the last one gets no time of its own.
                delivery.Drop(subscription.NextNumber, next: null);
                End(subscription, now);
                givenUp.Add(id);
            }
            if (subscription.NextNumber > delivery.Oldest) delivery.Wake(now);
        }
        context.AddRange(_added.Where(n => n.Number >= deliveries[n.SubscriptionId].Oldest));
        await context.SaveChangesAsync(cancellationToken);
        await context.RemoveSettledAsync(givenUp, cancellationToken);
    }
}
