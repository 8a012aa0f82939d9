using System.Diagnostics.CodeAnalysis;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Subscriptions;

/// <summary>cloud-to-cloud.md, 1.4: what a live subscription is told.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The nodes are the stores'.")]
public sealed class ToldEventsTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Each_event_is_told_once_in_order_with_its_time_to_who_asked_for_it(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a");
        var all = await Subscriber.OnAsync(node, device.User);
        var onlineOnly = await Subscriber.OnAsync(node, device.User, kinds: [EventKind.DeviceOnline]);
        var links = await Subscriber.OnAsync(node, device.User, device.Id);
        var other = await node.RegisterAsync();
        var others = await Subscriber.OnAsync(node, other.User);
        var othersLinks = await Subscriber.OnAsync(node, other.User, other.Id);
        await node.DispatchAsync();

        node.Clock.Advance(TimeSpan.FromSeconds(1));
        var session = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        var online = node.Clock.GetUtcNow();
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        await node.PublishAsync(device, "/a", "/b");
        node.Online.SignedOut(device.Id, session);
        await node.Online.FlushAsync(Ending);
        var offline = node.Clock.GetUtcNow();
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        await node.Directory.UnpublishAsync(device.Id, device.User, [2], Ending);
        var second = await node.RegisterAsync(device.User);
        await node.DispatchAsync();
        await node.DispatchAsync();

        Assert.Equal([$"4 DeviceOnline [{device.Id}]", $"5 DeviceOffline [{device.Id}]", $"6 DeviceRegistered [{second.Id}]"], await all.AfterAsync(4));
        Assert.Equal([online, offline, offline.AddSeconds(1)], (await all.RowsAsync()).Skip(4).Select(n => n.At));
        Assert.Equal([$"1 DeviceOnline [{device.Id}]"], await onlineOnly.AfterAsync(1));
        Assert.Equal(
            ["2 ResourcesPublished [/b(oic.r.switch.binary;oic.if.a;3)]", "3 ResourcesUnpublished [/b(oic.r.switch.binary;oic.if.a;3)]"], await links.AfterAsync(2));
        Assert.Empty(await others.AfterAsync(4));
        Assert.Empty(await othersLinks.AfterAsync(2));
        Assert.Equal((7, 7), ((await all.FindAsync())!.NextSequenceNumber, (await all.FindAsync())!.Undelivered));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_the_actual_state_tells_is_not_told_again(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a");
        var all = await Subscriber.OnAsync(node, device.User);
        var links = await Subscriber.OnAsync(node, device.User, device.Id);
        await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        await node.PublishAsync(device, "/b");

        await node.DispatchAsync();

        Assert.Equal(
            [$"0 DeviceRegistered [{device.Id}]", "1 DeviceUnregistered []", $"2 DeviceOnline [{device.Id}]", "3 DeviceOffline []"], await all.WaitingAsync());
        Assert.Equal(
            ["0 ResourcesPublished [/a(oic.r.switch.binary;oic.if.a;3) /b(oic.r.switch.binary;oic.if.a;3)]", "1 ResourcesUnpublished []"], await links.WaitingAsync());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task An_unpublished_link_is_told_whole(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.Directory.PublishAsync(
            device.Id, device.User, [Links.Of("/a", "x.a", "oic.if.s", 1, new LinkParameter("title", new byte[] { 0x61, 0x41 }), new LinkParameter("type", new byte[] { 0x01 }))], null, Ending);
        var links = await Subscriber.OnAsync(node, device.User, device.Id, kinds: [EventKind.ResourcesUnpublished]);
        await node.DispatchAsync();

        await node.Directory.UnpublishAsync(device.Id, device.User, [], Ending);
        await node.DispatchAsync();

        Assert.Equal(["1 ResourcesUnpublished [/a(x.a;oic.if.s;1;title=6141;type=01)]"], await links.AfterAsync(1));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_body_is_written_once_an_event_and_encoding(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var subscribers = new List<Subscriber>();
        for (var i = 0; i < 6; i++)
        {
            subscribers.Add(await Subscriber.OnAsync(
                node, device.User, kinds: [EventKind.DeviceOnline], encoding: i % 2 == 0 ? NotificationEncoding.Json : NotificationEncoding.Cbor));
        }
        await node.DispatchAsync();
        var before = node.Bodies.Written;

        await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        await node.DispatchAsync();

        Assert.Equal(2, node.Bodies.Written - before);
        foreach (var subscriber in subscribers) Assert.Equal([$"1 DeviceOnline [{device.Id}]"], await subscriber.AfterAsync(1));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_batch_that_concerns_nobody_costs_one_query_more_whatever_is_in_it(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        await Subscriber.OnAsync(node, UserId.New());
        await node.DispatchAsync();
        for (var i = 0; i < 20; i++)
        {
            var device = await node.RegisterAsync();
            await node.PublishAsync(device, "/a", "/b");
            await node.SignInAsync(device);
            if (i % 2 == 0) await node.Directory.UnpublishAsync(device.Id, device.User, [], Ending);
        }
        await node.Online.FlushAsync(Ending);
        using var statements = new StatementRecorder(node);

        await node.DispatchAsync();

        // The batch, the subscriptions of it, the deletion.
        var told = statements.All.Where(s => !s.Contains("pg_notify", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, told.Length);
        Assert.Single(told, s => s.Contains("subscriptions", StringComparison.Ordinal));
        Assert.DoesNotContain(told, s => s.Contains("Payload", StringComparison.Ordinal));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_a_dispatcher_that_was_killed_nothing_is_lost_or_told_twice(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a");
        var all = await Subscriber.OnAsync(node, device.User, kinds: [EventKind.DeviceOnline, EventKind.DeviceOffline]);
        await node.DispatchAsync();
        for (var i = 0; i < 3; i++)
        {
            var session = await node.SignInAsync(device);
            await node.Online.FlushAsync(Ending);
            node.Online.SignedOut(device.Id, session);
            await node.Online.FlushAsync(Ending);
            // In the middle of the transaction, each time one body later.
            var left = i;
            node.Bodies.Writing = () =>
            {
                if (left-- == 0) throw new InvalidOperationException("killed");
            };
            await Assert.ThrowsAsync<InvalidOperationException>(node.DispatchAsync);
            node.Bodies.Writing = null;
        }

        await node.DispatchAsync();

        Assert.Equal(
            Enumerable.Range(2, 6).Select(n => $"{n} {(n % 2 == 0 ? "DeviceOnline" : "DeviceOffline")} [{device.Id}]"), await all.AfterAsync(2));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Large_notifications_of_one_batch_are_told_in_several_transactions(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();
        var subscriber = await Subscriber.OnAsync(node, user, kinds: [EventKind.DeviceRegistered]);
        await node.DispatchAsync();
        for (var i = 0; i < 3; i++) await node.RegisterAsync(user);
        var options = node.Get<SubscriptionOptions>();
        var (before, left) = (options.MaxDispatchedBytes, 2);
        options.MaxDispatchedBytes = 1;
        node.Bodies.Writing = () =>
        {
            if (left-- == 0) throw new InvalidOperationException("killed");
        };

        await Assert.ThrowsAsync<InvalidOperationException>(node.DispatchAsync);

        // The third was killed; the transactions of the first two were over.
        node.Bodies.Writing = null;
        Assert.Equal(2, (await subscriber.AfterAsync(1)).Length);
        options.MaxDispatchedBytes = before;
        await node.DispatchAsync();
        Assert.Equal(3, (await subscriber.AfterAsync(1)).Length);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Many_notifications_of_one_batch_are_told_in_several_transactions_and_in_order(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var subscribers = new List<Subscriber>();
        for (var i = 0; i < 300; i++) subscribers.Add(await Subscriber.OnAsync(node, device.User, kinds: [EventKind.DeviceOnline, EventKind.DeviceOffline]));
        await node.DispatchAsync();
        for (var i = 0; i < 12; i++)
        {
            var session = await node.SignInAsync(device);
            await node.Online.FlushAsync(Ending);
            node.Online.SignedOut(device.Id, session);
            await node.Online.FlushAsync(Ending);
        }

        await node.DispatchAsync();

        foreach (var subscriber in subscribers)
        {
            var rows = await subscriber.RowsAsync();
            Assert.Equal(Enumerable.Range(0, 26).Select(n => (long)n), rows.Select(n => n.Number));
            Assert.Equal(Enumerable.Range(0, 26).Select(n => n % 2 == 0 ? EventKind.DeviceOnline : EventKind.DeviceOffline), rows.Select(n => n.Kind));
        }
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Whoever_sends_is_woken_after_the_commit_where_something_waits(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a");
        await node.DispatchAsync();
        using var hints = new HintRecorder(node.Get<IHints>());

        var subscriber = await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        await node.DispatchAsync();
        Assert.Equal([new Hint(EventKind.SubscriptionMade, device.User, device.Id, 0)], hints.All);
        hints.Forget();
        await subscriber.UnsubscribeAsync();
        await node.DispatchAsync();
        Assert.Contains(new Hint(EventKind.NotificationsWait, default, null, 0), hints.All);
        Assert.Contains(new Hint(EventKind.SubscriptionCancelled, device.User, device.Id, 0), hints.All);
        await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        await node.DispatchAsync();
        hints.Forget();
        await node.Accounts.RemoveAsync(device.Id, null, Ending);
        await node.DispatchAsync();
        Assert.Contains(new Hint(EventKind.SubscriptionCancelled, device.User, device.Id, 0), hints.All);
    }
}
