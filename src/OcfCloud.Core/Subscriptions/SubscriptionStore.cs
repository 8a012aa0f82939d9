using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Subscriptions;

/// <summary>The subscriptions of the Events API (cloud-to-cloud.md, 1.4).</summary>
public sealed class SubscriptionStore
{
    private readonly Store _store;
    private readonly Outbox _outbox;
    private readonly SubscriptionOptions _options;
    private readonly TimeProvider _time;

    internal SubscriptionStore(Store store, Outbox outbox, SubscriptionOptions options, TimeProvider time) =>
        (_store, _outbox, _options, _time) = (store, outbox, options, time);

    /// <summary>Makes a subscription; its first notifications follow.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<SubscribeOutcome> SubscribeAsync(NewSubscription subscription, CancellationToken cancellationToken) =>
        SubscribeAsync(subscription, isLetIn: null, cancellationToken);

    /// <summary>The same for a client that a user lets in.</summary>
    /// <param name="subscription">What is asked for.</param>
    /// <param name="isLetIn">Asked in the transaction, under the user's lock, which whoever revokes takes too (<see cref="UserLock"/>): a token that passed the door is
    /// known there to be revoked only a while later, and a subscription made meanwhile would be ended by nobody. Null = nothing to ask.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<SubscribeOutcome> SubscribeAsync(
        NewSubscription subscription, Func<CloudDbContext, CancellationToken, Task<bool>>? isLetIn, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        return _store.WriteAsync((context, token) => SubscribeAsync(context, id, subscription, isLetIn, token), cancellationToken);
    }

    /// <summary>A live subscription of this user, client and target; null where there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<SubscriptionState?> FindAsync(Guid id, UserId user, string client, SubscriptionTarget target, CancellationToken cancellationToken)
    {
        var found = await _store.ReadAsync(
            (context, token) =>
                (from subscription in Live(context, id, user, client, target)
                 join delivery in context.Set<DeliveryRow>() on subscription.Id equals delivery.SubscriptionId
                 select new { subscription, delivery }).FirstOrDefaultAsync(token),
            cancellationToken);
        return found is null ? null : StateOf(found.subscription, found.delivery);
    }

    /// <summary>Ends one with a last subscription_cancelled; what was queued before is told before.</summary>
    /// <returns>False where there is no such live subscription of this user, client and target.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> UnsubscribeAsync(Guid id, UserId user, string client, SubscriptionTarget target, CancellationToken cancellationToken) =>
        _store.WriteAsync(
            async (context, token) =>
            {
                // Looked at again under the lock: another one may have ended it.
                var locked = (await context.LockSubscriptionsAsync(Live(context, id, user, client, target), token)).FirstOrDefault();
                if (locked is null || locked.Phase > SubscriptionPhase.Live) return false;
                locked.Phase = SubscriptionPhase.Ending;
                _outbox.Add(context, EventKind.SubscriptionCancelled, locked);
                return true;
            },
            cancellationToken);

    private async Task<SubscribeOutcome> SubscribeAsync(
        CloudDbContext context, Guid id, NewSubscription asked, Func<CloudDbContext, CancellationToken, Task<bool>>? isLetIn, CancellationToken cancellationToken)
    {
        // The user's row first: it counts, and whoever revokes waits for it. Then the device's: from here on its events have greater ids.
        var user = asked.User;
        if ((await context.LockUserAsync(user, cancellationToken)).Erased) return Refused(SubscribeRefusal.UnknownTarget);
        if (isLetIn is not null && !await isLetIn(context, cancellationToken)) return Refused(SubscribeRefusal.NotLetIn);
        if (!await IsThereAsync(context, user, asked.Target, cancellationToken)) return Refused(SubscribeRefusal.UnknownTarget);
        if (await AreTooManyAsync(context, asked, cancellationToken)) return Refused(SubscribeRefusal.TooMany);

        var row = new SubscriptionRow
        {
            Id = id,
            UserId = user,
            Client = asked.Client,
            Level = asked.Target.Level,
            DeviceId = asked.Target.Device,
            Href = asked.Target.Href,
            Kinds = [.. asked.Kinds],
            EventsUrl = asked.EventsUrl,
            ProtectedSecret = asked.ProtectedSecret,
            Encoding = asked.Encoding,
            CorrelationId = asked.CorrelationId,
            CreatedAt = _time.GetUtcNow(),
            Phase = SubscriptionPhase.Made,
        };
        context.AddRange(row, new DeliveryRow { SubscriptionId = id });
        _outbox.Add(context, EventKind.SubscriptionMade, row);
        return new SubscribeOutcome(SubscribeRefusal.None, id);
    }

    private static SubscribeOutcome Refused(SubscribeRefusal refusal) => new(refusal, Guid.Empty);

    // Ended ones stay until their end is delivered or given up: they count for the client that made them, which else could make new ones without end, but not for
    // others, which the user may have let in since.
    private async Task<bool> AreTooManyAsync(CloudDbContext context, NewSubscription asked, CancellationToken cancellationToken)
    {
        var (user, client) = (asked.User, asked.Client);
        var ofUser = context.Set<SubscriptionRow>().Where(s => s.UserId == user);
        if (await ofUser.CountAsync(s => s.Phase <= SubscriptionPhase.Live || s.Client == client, cancellationToken) >= _options.MaxPerUser) return true;
        var (level, device, href) = (asked.Target.Level, asked.Target.Device, asked.Target.Href);
        return await ofUser.CountAsync(
            s => s.Level == level && s.DeviceId == device && s.Href == href && s.Phase <= SubscriptionPhase.Live, cancellationToken) >= _options.MaxPerTarget;
    }

    private async Task<bool> IsThereAsync(CloudDbContext context, UserId user, SubscriptionTarget target, CancellationToken cancellationToken)
    {
        if (target.Device is not { } id) return true;
        if (await context.LockDeviceAsync(id, cancellationToken) is not { } device || device.UserId != user) return false;
        return target.Href is not { } href || await Published(context).AnyAsync(l => l.DeviceId == id && l.Href == href, cancellationToken);
    }

    // One whose device or link has gone is over at once: the dispatcher numbers its end a moment later.
    private IQueryable<SubscriptionRow> Live(CloudDbContext context, Guid id, UserId user, string client, SubscriptionTarget target)
    {
        var (level, device, href) = (target.Level, target.Device, target.Href);
        var published = Published(context);
        return context.Set<SubscriptionRow>().Where(s => s.Id == id && s.UserId == user && s.Client == client
            && s.Level == level && s.DeviceId == device && s.Href == href && s.Phase <= SubscriptionPhase.Live
            && (s.DeviceId == null || context.Set<Device>().Any(d => d.Id == s.DeviceId && d.UserId == s.UserId))
            && (s.Href == null || published.Any(l => l.DeviceId == s.DeviceId && l.Href == s.Href)));
    }

    private IQueryable<LinkRow> Published(CloudDbContext context)
    {
        var now = _time.GetUtcNow();
        return context.Set<LinkRow>().Where(l => l.ExpiresAt == null || l.ExpiresAt > now);
    }

    private static SubscriptionState StateOf(SubscriptionRow row, DeliveryRow delivery) => new(
        row.Id, row.Target, row.Kinds, row.EventsUrl, row.Encoding, row.CreatedAt, row.NextNumber, (int)(row.NextNumber - delivery.Oldest), delivery.FailedAttempts,
        delivery is { DeliveredNumber: { } number, DeliveredKind: { } kind, DeliveredAt: { } at } ? new DeliveredNotification(number, kind, at) : null,
        delivery.NextAttemptAt, delivery.LastFailure);
}
