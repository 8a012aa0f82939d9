using System.Text;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.Core.Tests.Support;

/// <summary>A subscription as its subscriber, and a sender that never fails, see it.</summary>
internal sealed class Subscriber(CloudNode node, Guid id, UserId user, SubscriptionTarget target)
{
    public const string Client = "peer";

    public static readonly EventKind[] OfDevices = [EventKind.DeviceRegistered, EventKind.DeviceUnregistered, EventKind.DeviceOnline, EventKind.DeviceOffline];
    public static readonly EventKind[] OfDevice = [EventKind.ResourcesPublished, EventKind.ResourcesUnpublished];
    public static readonly EventKind[] OfResource = [EventKind.ResourceContentChanged];

    public Guid Id => id;

    public SubscriptionTarget Target => target;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    public static NewSubscription Asked(
        UserId user, SubscriptionTarget target, IReadOnlyList<EventKind>? kinds = null, NotificationEncoding encoding = NotificationEncoding.Json, string client = Client) =>
        new(user, client, target, kinds ?? target.Level switch
        {
            SubscriptionLevel.Devices => OfDevices,
            SubscriptionLevel.Device => OfDevice,
            _ => OfResource,
        }, "https://peer.example/events", [1, 2, 3], encoding, "correlation");

    public static async Task<Subscriber> OnAsync(
        CloudNode node, UserId user, DeviceId? device = null, string? href = null, IReadOnlyList<EventKind>? kinds = null,
        NotificationEncoding encoding = NotificationEncoding.Json, string client = Client)
    {
        var target = new SubscriptionTarget(device, href);
        var outcome = await node.Subscriptions.SubscribeAsync(Asked(user, target, kinds, encoding, client), Ending);
        Assert.Equal(SubscribeRefusal.None, outcome.Refusal);
        return new Subscriber(node, outcome.Id, user, target);
    }

    /// <summary>The notifications that wait, as <c>number kind body</c>.</summary>
    public async Task<string[]> WaitingAsync() => [.. (await RowsAsync()).Select(n => $"{n.Number} {n.Kind} {Encoding.UTF8.GetString(n.Body)}".TrimEnd())];

    /// <summary>The same without the first <paramref name="told"/> ones.</summary>
    public async Task<string[]> AfterAsync(int told) => (await WaitingAsync())[told..];

    public Task<List<NotificationRow>> RowsAsync() => node.Store.ReadAsync(
        (context, token) => context.Set<NotificationRow>().Where(n => n.SubscriptionId == id).OrderBy(n => n.Number).ToListAsync(token), Ending);

    public Task<SubscriptionRow?> RowAsync() =>
        node.Store.ReadAsync((context, token) => context.Set<SubscriptionRow>().FirstOrDefaultAsync(s => s.Id == id, token), Ending);

    public Task<DeliveryRow?> DeliveryAsync() =>
        node.Store.ReadAsync((context, token) => context.Set<DeliveryRow>().FirstOrDefaultAsync(d => d.SubscriptionId == id, token), Ending);

    public Task<SubscriptionState?> FindAsync() => node.Subscriptions.FindAsync(id, user, Client, target, Ending);

    public Task<bool> UnsubscribeAsync() => node.Subscriptions.UnsubscribeAsync(id, user, Client, target, Ending);
}
