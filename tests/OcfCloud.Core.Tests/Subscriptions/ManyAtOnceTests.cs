using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Subscriptions;

/// <summary>Subscriptions, events, senders of several nodes and revocations at once.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The nodes are the stores'.")]
public sealed class ManyAtOnceTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public Task Two_thousand_notifications_of_two_hundred_subscriptions_go_out_in_order_whoever_sends(StoreProvider provider) => GoOutAsync(provider, subscriptions: 200);

    /// <summary>The same with more, by hand.</summary>
    [Trait("Kind", "Figures")]
    [Theory(Explicit = true), InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public Task Ten_thousand_notifications_of_a_thousand_subscriptions_go_out_in_order_whoever_sends(StoreProvider provider) => GoOutAsync(provider, subscriptions: 1_000);

    private async Task GoOutAsync(StoreProvider provider, int subscriptions)
    {
        const int Events = 9;
        var (node, other) = await NodesAsync(provider);
        node.Get<SubscriptionOptions>().MaxClaimedNotifications = other.Get<SubscriptionOptions>().MaxClaimedNotifications = 4;
        var device = await node.RegisterAsync();
        await node.DispatchAsync();
        for (var i = 0; i < subscriptions; i++) await Subscriber.OnAsync(node, device.User, kinds: [EventKind.DeviceOnline], client: $"client {i % 10}");
        var sent = new SentNotifications(subscriptions * (Events + 1));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        stopping.CancelAfter(TimeSpan.FromMinutes(2));
        var senders = new[] { node, other, node, other }.Select(sender => Task.Run(() => SendAsync(sender, sent, () => sent.AreAll, stopping.Token), Ending)).ToArray();

        await node.DispatchAsync();
        for (var i = 0; i < Events; i++)
        {
            await BlinkAsync(node, device);
            await node.DispatchAsync();
        }
        await Task.WhenAll(senders);

        Assert.Equal(subscriptions, sent.Numbers.Count);
        Assert.All(sent.Numbers.Values, numbers => Assert.Equal(Enumerable.Range(0, Events + 1).Select(n => (long)n), numbers));
        Assert.Null(await node.Deliveries.NextDueAsync(DeliveryLane.First, Ending));
        Assert.Null(await node.Deliveries.NextDueAsync(DeliveryLane.Retry, Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Whatever_meets_the_numbers_rise_nobody_waits_for_another_and_nothing_is_left(StoreProvider provider)
    {
        const int Users = 6, Rounds = 8;
        var (node, other) = await NodesAsync(provider);
        var devices = new List<RegisteredDevice>();
        for (var i = 0; i < Users; i++)
        {
            devices.Add(await node.RegisterAsync());
            await node.PublishAsync(devices[i], "/a");
        }
        var sent = new SentNotifications(int.MaxValue);
        using var quiet = new CancellationTokenSource();
        var dispatching = Task.Run(() => DispatchUntilAsync(node, quiet.Token), Ending);
        var senders = new[] { node, other, other }.Select(sender => Task.Run(() => SendAsync(sender, sent, () => quiet.IsCancellationRequested, Ending), Ending)).ToArray();

        await Task.WhenAll(devices.Select((device, i) => Task.Run(
            async () =>
            {
                var mine = i % 2 == 0 ? node : other;
                for (var round = 0; round < Rounds; round++)
                {
                    var all = await Subscriber.OnAsync(mine, device.User);
                    await Subscriber.OnAsync(mine, device.User, device.Id, "/a");
                    await mine.Directory.PublishAsync(device.Id, device.User, [Links.Of("/b", bm: round % 2)], null, Ending);
                    if (round % 3 == 0) await all.UnsubscribeAsync();
                    if (round % 3 == 1) await mine.Directory.UnpublishAsync(device.Id, device.User, [], Ending);
                    if (round % 3 == 2) await RevokeAsync(mine, device.User);
                    await mine.PublishAsync(device, "/a");
                }
                await RevokeAsync(mine, device.User);
            },
            Ending)));
        await quiet.CancelAsync();
        await dispatching;
        await Task.WhenAll(senders);
        await node.DispatchAsync();
        await SendAsync(node, sent, () => false, Ending, untilNothingIsDue: true);

        Assert.All(sent.Numbers.Values, numbers => Assert.Equal(numbers.Order().Distinct(), numbers));
        Assert.Equal(0, await node.Store.ReadAsync((context, token) => context.Set<SubscriptionRow>().CountAsync(token), Ending));
        Assert.Equal(0, await node.Store.ReadAsync((context, token) => context.Set<NotificationRow>().CountAsync(token), Ending));
        Assert.Equal(0, await node.Store.ReadAsync((context, token) => context.Set<DeliveryRow>().CountAsync(token), Ending));
    }

    private static Task<int> RevokeAsync(CloudNode node, UserId user) =>
        node.Store.WriteAsync((context, token) => node.Get<SubscriptionRevocation>().RevokeAsync(context, user, Subscriber.Client, token), Ending);

    private static async Task BlinkAsync(CloudNode node, RegisteredDevice device)
    {
        var session = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        node.Online.SignedOut(device.Id, session);
        await node.Online.FlushAsync(Ending);
    }

    private static async Task DispatchUntilAsync(CloudNode node, CancellationToken quiet)
    {
        using var dispatcher = ActivatorUtilities.CreateInstance<OutboxDispatcher>(node.Services);
        var lane = node.Get<IOutboxLane>();
        while (!await lane.TryEnterAsync(Ending)) await Task.Delay(5, Ending);
        while (!quiet.IsCancellationRequested) await dispatcher.DrainAsync(Ending);
        await lane.LeaveAsync();
    }

    // Some confirm in part: what is left waits and comes next.
    private static async Task SendAsync(
        CloudNode node, SentNotifications sent, Func<bool> isOver, CancellationToken stopping, bool untilNothingIsDue = false)
    {
        while (!isOver())
        {
            DueSubscription[] claimed =
                [.. await node.Deliveries.ClaimAsync(DeliveryLane.First, 100, stopping), .. await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 100, stopping)];
            if (claimed.Length == 0)
            {
                if (untilNothingIsDue) return;
                await Task.Delay(5, stopping);
                continue;
            }
            var results = claimed.Select(due =>
            {
                var count = due.Notifications.Count;
                var confirmed = due.Notifications.Take(Random.Shared.Next(4) == 0 ? Random.Shared.Next(count) : count).ToArray();
                sent.Add(due.Id, confirmed);
                return new DeliveryResult(
                    due.Id, confirmed.Length == 0 ? null : confirmed[^1].SequenceNumber, confirmed.Length == count ? DeliveryEnding.Continue : DeliveryEnding.Failed,
                    node.Clock.GetUtcNow())
                { Claim = due.Claim };
            });
            await node.Deliveries.SettleAsync([.. results], stopping);
        }
    }

    // A store of its own: what is due is due for all of it. On SQLite there is one node.
    private async Task<(CloudNode First, CloudNode Second)> NodesAsync(StoreProvider provider)
    {
        if (provider == StoreProvider.Sqlite)
        {
            var node = Stores.OnSqlite(Stores.NewFolder());
            await node.MigrateOnceAsync();
            return (node, node);
        }
        var database = await Stores.NewDatabaseAsync();
        var first = Stores.OnPostgreSql(database, Stores.NewFolder());
        await first.MigrateOnceAsync();
        return (first, Stores.OnPostgreSql(database, Stores.NewFolder()));
    }

    private sealed class SentNotifications(int all)
    {
        private readonly Lock _lock = new();
        private int _left = all;

        public Dictionary<Guid, List<long>> Numbers { get; } = [];

        public bool AreAll => Volatile.Read(ref _left) <= 0;

        public void Add(Guid subscription, Notification[] notifications)
        {
            lock (_lock)
            {
                if (!Numbers.TryGetValue(subscription, out var numbers)) Numbers.Add(subscription, numbers = []);
                numbers.AddRange(notifications.Select(n => n.SequenceNumber));
                _left -= notifications.Length;
            }
        }
    }
}
