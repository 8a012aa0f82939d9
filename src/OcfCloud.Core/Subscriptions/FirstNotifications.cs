using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Subscriptions;

/// <summary>The actual state, told straight after subscribing: one notification a type asked for, in that order (cloud-to-cloud.md, 1.4).</summary>
internal static class FirstNotifications
{
    /// <summary>Reads the state and writes the bodies.</summary>
    /// <remarks>State of a device and the greatest outbox id of it are read by one statement, so by one view of the store: the events up to that id are in what is
    /// told, later ones are not. (The end of a subscription is written without the device's lock: it does not count.)</remarks>
    public static async Task<IReadOnlyList<(EventKind Kind, NotificationBody Body)>> WriteAsync(
        CloudDbContext context, SubscriptionRow subscription, INotificationBodies bodies, DateTimeOffset now, CancellationToken cancellationToken) =>
        subscription switch
        {
            { DeviceId: not null, Href: not null } => await OfResourceAsync(context, subscription, bodies, cancellationToken),
            { DeviceId: not null } => await OfDeviceAsync(context, subscription, bodies, now, cancellationToken),
            _ => await OfDevicesAsync(context, subscription, bodies, cancellationToken),
        };

    private static async Task<IReadOnlyList<(EventKind Kind, NotificationBody Body)>> OfDevicesAsync(
        CloudDbContext context, SubscriptionRow subscription, INotificationBodies bodies, CancellationToken cancellationToken)
    {
        var devices = await context.Set<Device>().AsNoTracking().Where(d => d.UserId == subscription.UserId).OrderBy(d => d.Id)
            .Select(d => new { d.Id, d.Online }).ToListAsync(cancellationToken);
        return [.. subscription.Kinds.Select(kind => (kind, bodies.Devices([.. devices.Where(d => kind switch
        {
            EventKind.DeviceRegistered => true,
            EventKind.DeviceOnline => d.Online,
            EventKind.DeviceOffline => !d.Online,
            _ => false,
        }).Select(d => d.Id)], subscription.Encoding)))];
    }

    private static async Task<IReadOnlyList<(EventKind Kind, NotificationBody Body)>> OfDeviceAsync(
        CloudDbContext context, SubscriptionRow subscription, INotificationBodies bodies, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var id = subscription.DeviceId!.Value;
        var state = await Of(context, subscription)
            .Select(d => new
            {
                Links = context.Set<LinkRow>().Where(l => l.DeviceId == d.Id && (l.ExpiresAt == null || l.ExpiresAt > now)).OrderBy(l => l.Ins).ToList(),
                ToldUntil = context.Set<OutboxRow>().Where(r => r.DeviceId == d.Id && r.Kind != EventKind.SubscriptionCancelled).Max(r => (long?)r.Id),
            })
            .FirstOrDefaultAsync(cancellationToken);
        subscription.ToldUntil = state?.ToldUntil ?? 0;
        var links = state?.Links.ConvertAll(l => l.ToLink()) ?? [];
        return [.. subscription.Kinds.Select(kind => (kind, bodies.Links(id, kind == EventKind.ResourcesPublished ? links : [], subscription.Encoding)))];
    }

    private static async Task<IReadOnlyList<(EventKind Kind, NotificationBody Body)>> OfResourceAsync(
        CloudDbContext context, SubscriptionRow subscription, INotificationBodies bodies, CancellationToken cancellationToken)
    {
        var state = await Of(context, subscription)
            .Select(d => new
            {
                Twin = context.Set<TwinRow>().FirstOrDefault(t => t.DeviceId == d.Id && t.Href == subscription.Href),
                ToldUntil = context.Set<OutboxRow>().Where(r => r.DeviceId == d.Id && r.Kind != EventKind.SubscriptionCancelled).Max(r => (long?)r.Id),
            })
            .FirstOrDefaultAsync(cancellationToken);
        subscription.ToldUntil = state?.ToldUntil ?? 0;
        // Nothing is known: the first value is told when it comes.
        return state?.Twin is { } twin
            ? [(EventKind.ResourceContentChanged, bodies.Representation(
                new TwinRepresentation(twin.DeviceId, twin.Href, twin.Representation, twin.ContentFormat, twin.ChangedAt), subscription.Encoding))]
            : [];
    }

    // A device that became another user's meanwhile says nothing here.
    private static IQueryable<Device> Of(CloudDbContext context, SubscriptionRow subscription) =>
        context.Set<Device>().AsNoTracking().Where(d => d.Id == subscription.DeviceId && d.UserId == subscription.UserId);
}
