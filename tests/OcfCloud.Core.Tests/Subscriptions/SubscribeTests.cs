using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Subscriptions;

/// <summary>cloud-to-cloud.md, 1.4: what is made, what is refused, and the actual state that is told first.</summary>
public sealed class SubscribeTests(Stores stores) : StoreTests(stores)
{
    private static readonly byte[] On = [0xa1, 0x61, 0x76, 0xf5];

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task All_devices_are_told_by_state_in_the_order_of_the_types(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();
        var (online, offline) = (await node.RegisterAsync(user), await node.RegisterAsync(user));
        await node.RegisterAsync();
        await node.SignInAsync(online);
        await node.Online.FlushAsync(Ending);
        await node.DispatchAsync();

        var subscriber = await Subscriber.OnAsync(
            node, user, kinds: [EventKind.DeviceOnline, EventKind.DeviceUnregistered, EventKind.DeviceOffline, EventKind.DeviceRegistered]);
        Assert.Empty(await subscriber.WaitingAsync());
        var made = node.Clock.GetUtcNow();
        node.Clock.Advance(TimeSpan.FromSeconds(3));
        await node.DispatchAsync();

        var all = new[] { online.Id, offline.Id }.Order();
        Assert.Equal(
            [$"0 DeviceOnline [{online.Id}]", "1 DeviceUnregistered []", $"2 DeviceOffline [{offline.Id}]", $"3 DeviceRegistered [{string.Join(' ', all)}]"],
            await subscriber.WaitingAsync());
        Assert.All(await subscriber.RowsAsync(), n => Assert.Equal((made, "Json"), (n.At, n.ContentType)));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_users_first_device_comes_after_an_empty_list(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();
        var subscriber = await Subscriber.OnAsync(node, user, kinds: [EventKind.DeviceRegistered]);
        await node.DispatchAsync();

        var device = await node.RegisterAsync(user);
        await node.DispatchAsync();

        Assert.Equal(["0 DeviceRegistered []", $"1 DeviceRegistered [{device.Id}]"], await subscriber.WaitingAsync());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_links_of_a_device_are_told_whole(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.Directory.PublishAsync(
            device.Id, device.User, [Links.Of("/b", "x.a x.b", "oic.if.s", 1, new Core.Directory.LinkParameter("title", new byte[] { 0x61, 0x41 })), Links.Of("/a")], null, Ending);
        await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/gone")], TimeSpan.FromSeconds(1), Ending);
        node.Clock.Advance(TimeSpan.FromSeconds(2));
        await node.DispatchAsync();

        var subscriber = await Subscriber.OnAsync(
            node, device.User, device.Id, kinds: [EventKind.ResourcesUnpublished, EventKind.ResourcesPublished], encoding: NotificationEncoding.Cbor);
        await node.DispatchAsync();

        Assert.Equal(
            ["0 ResourcesUnpublished []", "1 ResourcesPublished [/b(x.a,x.b;oic.if.s;1;title=6141) /a(oic.r.switch.binary;oic.if.a;3)]"],
            await subscriber.WaitingAsync());
        Assert.All(await subscriber.RowsAsync(), n => Assert.Equal("Cbor", n.ContentType));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_known_value_is_told_at_once_and_an_unknown_one_when_it_is_known(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/known", "/unknown");
        node.Twins.Changed(device.Id, device.User, await node.SignInAsync(device), "/known", On, 60);
        await node.Online.FlushAsync(Ending);
        await node.Twins.FlushAsync(Ending);
        await node.DispatchAsync();

        var known = await Subscriber.OnAsync(node, device.User, device.Id, "/known");
        var unknown = await Subscriber.OnAsync(node, device.User, device.Id, "/unknown");
        await node.DispatchAsync();

        Assert.Equal(["0 ResourceContentChanged 60:a16176f5"], await known.WaitingAsync());
        Assert.Empty(await unknown.WaitingAsync());
        Assert.Equal((0, (DateTimeOffset?)null), ((await unknown.FindAsync())!.Undelivered, (await unknown.FindAsync())!.NextAttemptAt));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_is_not_there_or_not_the_users_cannot_be_subscribed_to(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (device, other) = (await node.RegisterAsync(), await node.RegisterAsync());
        await node.PublishAsync(device, "/a");
        await node.PublishAsync(other, "/a");
        await node.Directory.PublishAsync(device.Id, device.User, [Links.Of("/gone")], TimeSpan.FromSeconds(1), Ending);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        var erased = await node.RegisterAsync();
        await node.Get<UserErasure>().EraseAsync(erased.User, Ending);

        (UserId, SubscriptionTarget)[] wrong =
        [
            (device.User, new(CloudNode.NewDevice(), null)), (device.User, new(CloudNode.NewDevice(), "/a")), (device.User, new(other.Id, null)), (device.User, new(other.Id, "/a")),
            (device.User, new(device.Id, "/b")), (device.User, new(device.Id, "/A")), (device.User, new(device.Id, "/gone")),
            (erased.User, new(null, null)), (erased.User, new(erased.Id, null)),
        ];
        foreach (var (user, target) in wrong)
        {
            var outcome = await node.Subscriptions.SubscribeAsync(Subscriber.Asked(user, target), Ending);
            Assert.Equal(new SubscribeOutcome(SubscribeRefusal.UnknownTarget, Guid.Empty), outcome);
        }
        Assert.DoesNotContain(EventKind.SubscriptionMade, await node.EventKindsAsync(device.User));
        Assert.DoesNotContain(EventKind.SubscriptionMade, await node.EventKindsAsync(erased.User));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_user_may_have_so_many_and_an_ended_one_counts_for_its_client_until_its_end_is_delivered(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();
        var options = node.Get<SubscriptionOptions>();
        var before = options.MaxPerUser;
        options.MaxPerUser = 2;
        var first = await Subscriber.OnAsync(node, user);
        await Subscriber.OnAsync(node, user, client: "another");
        await node.DispatchAsync();

        Assert.Equal(SubscribeRefusal.TooMany, (await node.Subscriptions.SubscribeAsync(Subscriber.Asked(user, default), Ending)).Refusal);
        await Subscriber.OnAsync(node, UserId.New());
        Assert.True(await first.UnsubscribeAsync());
        Assert.Equal(SubscribeRefusal.TooMany, (await node.Subscriptions.SubscribeAsync(Subscriber.Asked(user, default), Ending)).Refusal);
        // Not one that the user let in since.
        var third = await Subscriber.OnAsync(node, user, client: "third");
        Assert.True(await node.Subscriptions.UnsubscribeAsync(third.Id, user, "third", default, Ending));
        await node.DispatchAsync();
        await node.Deliveries.ClaimAsync(DeliveryLane.First, 1_000, Ending);
        await node.Deliveries.SettleAsync([new DeliveryResult(first.Id, 4, DeliveryEnding.Continue)], Ending);
        await Subscriber.OnAsync(node, user);
        options.MaxPerUser = before;
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_user_may_have_so_many_to_one_target(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a", "/b");
        var options = node.Get<SubscriptionOptions>();
        var before = options.MaxPerTarget;
        options.MaxPerTarget = 1;
        SubscriptionTarget[] targets = [default, new(device.Id, null), new(device.Id, "/a"), new(device.Id, "/b")];

        foreach (var target in targets) await Subscriber.OnAsync(node, device.User, target.Device, target.Href);

        foreach (var target in targets)
        {
            var outcome = await node.Subscriptions.SubscribeAsync(Subscriber.Asked(device.User, target, client: "another"), Ending);
            Assert.Equal(SubscribeRefusal.TooMany, outcome.Refusal);
        }
        await Subscriber.OnAsync(node, UserId.New());
        options.MaxPerTarget = before;
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Whoever_is_let_in_no_more_gets_none(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();
        var asked = Subscriber.Asked(user, default);

        Assert.Equal(SubscribeRefusal.NotLetIn, (await node.Subscriptions.SubscribeAsync(asked, (_, _) => Task.FromResult(false), Ending)).Refusal);
        Assert.Empty(await node.EventKindsAsync(user));
        Assert.Equal(SubscribeRefusal.None, (await node.Subscriptions.SubscribeAsync(asked, (_, _) => Task.FromResult(true), Ending)).Refusal);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task It_is_found_where_it_was_made_by_who_made_it_alone(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a", "/b");
        var subscriber = await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        var (id, user, target) = (subscriber.Id, device.User, subscriber.Target);

        var found = (await subscriber.FindAsync())!;

        Assert.Equal((id, target, "https://peer.example/events", NotificationEncoding.Json), (found.Id, found.Target, found.EventsUrl, found.Encoding));
        Assert.Equal(Subscriber.OfResource, found.Kinds);
        Assert.Equal((node.Clock.GetUtcNow(), 0, 0, 0), (found.CreatedAt, found.NextSequenceNumber, found.Undelivered, found.FailedAttempts));
        (Guid, UserId, string, SubscriptionTarget)[] elsewhere =
        [
            (Guid.NewGuid(), user, Subscriber.Client, target), (id, UserId.New(), Subscriber.Client, target), (id, user, "another", target),
            (id, user, Subscriber.Client, new(device.Id, "/b")), (id, user, Subscriber.Client, new(device.Id, null)), (id, user, Subscriber.Client, default),
        ];
        foreach (var (otherId, otherUser, client, otherTarget) in elsewhere)
        {
            Assert.Null(await node.Subscriptions.FindAsync(otherId, otherUser, client, otherTarget, Ending));
            Assert.False(await node.Subscriptions.UnsubscribeAsync(otherId, otherUser, client, otherTarget, Ending));
        }
        Assert.NotNull(await subscriber.FindAsync());
    }
}
