using System.Diagnostics.CodeAnalysis;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Subscriptions;

/// <summary>cloud-to-cloud.md, 1.4, Delivery: what senders claim, and what comes of it.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The nodes are the stores'.")]
public sealed class DeliveryQueueTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Nothing_is_due_before_something_is_told(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var user = UserId.New();
        var subscriber = await Subscriber.OnAsync(node, user);

        Assert.Empty(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        Assert.Null(await node.Deliveries.NextDueAsync(DeliveryLane.First, Ending));
        await node.DispatchAsync();
        Assert.Equal(node.Clock.GetUtcNow(), await node.Deliveries.NextDueAsync(DeliveryLane.First, Ending));
        Assert.Null(await node.Deliveries.NextDueAsync(DeliveryLane.Retry, Ending));
        var due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        Assert.Equal((subscriber.Id, "https://peer.example/events", "correlation", 0, null), (due.Id, due.EventsUrl, due.CorrelationId, due.FailedAttempts, due.FirstFailedAt));
        Assert.Equal((user, Subscriber.Client), (due.User, due.Client));
        Assert.Equal([1, 2, 3], due.ProtectedSecret);
        Assert.Equal([(0L, "Json"), (1, "Json"), (2, "Json"), (3, "Json")], due.Notifications.Select(n => (n.SequenceNumber, n.Body.ContentType)));
        Assert.Equal(node.Clock.GetUtcNow() + node.Get<SubscriptionOptions>().ClaimTime, due.ClaimedUntil);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_longest_due_is_claimed_first_and_no_more_than_asked_for(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var subscribers = new List<Subscriber>();
        for (var i = 0; i < 5; i++)
        {
            subscribers.Add(await Subscriber.OnAsync(node, UserId.New()));
            await node.DispatchAsync();
            node.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = await node.Deliveries.ClaimAsync(DeliveryLane.First, 3, Ending);
        var rest = await node.Deliveries.ClaimAsync(DeliveryLane.First, 3, Ending);

        Assert.Equal(subscribers.Select(s => s.Id).Take(3), first.Select(d => d.Id));
        Assert.Equal(subscribers.Select(s => s.Id).Skip(3), rest.Select(d => d.Id));
        Assert.Empty(await node.Deliveries.ClaimAsync(DeliveryLane.First, 3, Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_claim_takes_so_many_and_the_rest_is_due_when_it_is_given_back(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        node.Get<SubscriptionOptions>().MaxClaimedNotifications = 3;
        var subscriber = await Subscriber.OnAsync(node, UserId.New());
        await node.DispatchAsync();

        var due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        Assert.Equal([0, 1, 2], due.Notifications.Select(n => n.SequenceNumber));
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, 2, DeliveryEnding.Continue)], Ending);

        Assert.Equal(new DeliveredNotification(2, EventKind.DeviceOnline, node.Clock.GetUtcNow()), (await subscriber.FindAsync())!.LastDelivered);
        Assert.Equal(1, (await subscriber.FindAsync())!.Undelivered);
        due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        Assert.Equal([3], due.Notifications.Select(n => n.SequenceNumber));
        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, 3, DeliveryEnding.Continue)], Ending);
        var state = (await subscriber.FindAsync())!;
        Assert.Equal((0, 4, null), (state.Undelivered, state.NextSequenceNumber, state.NextAttemptAt));
        Assert.Empty(await subscriber.WaitingAsync());
        Assert.Null(await node.Deliveries.NextDueAsync(DeliveryLane.First, Ending));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task One_that_failed_waits_in_the_lane_of_its_own_and_what_follows_waits_behind_it(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var subscriber = await Subscriber.OnAsync(node, UserId.New());
        await node.DispatchAsync();
        var due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        var (failed, next) = (node.Clock.GetUtcNow(), node.Clock.GetUtcNow().AddSeconds(30));

        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, 1, DeliveryEnding.Failed, next, new string('x', 300))], Ending);

        var state = (await subscriber.FindAsync())!;
        Assert.Equal((2, 1, next, 1L), (state.Undelivered, state.FailedAttempts, state.NextAttemptAt, state.LastDelivered!.SequenceNumber));
        Assert.Equal(new string('x', 200), state.LastFailure);
        Assert.Equal(next, await node.Deliveries.NextDueAsync(DeliveryLane.Retry, Ending));
        Assert.Null(await node.Deliveries.NextDueAsync(DeliveryLane.First, Ending));
        Assert.Empty(await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending));
        node.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Empty(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending));
        Assert.Equal((1, failed), (due.FailedAttempts, due.FirstFailedAt));
        // The one that failed alone.
        Assert.Equal([2], due.Notifications.Select(n => n.SequenceNumber));
        // The same one again, then another one: that has not failed before.
        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, null, DeliveryEnding.Failed, node.Clock.GetUtcNow())], Ending);
        due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending));
        Assert.Equal((2, failed), (due.FailedAttempts, due.FirstFailedAt));
        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, 2, DeliveryEnding.Failed, node.Clock.GetUtcNow())], Ending);
        due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending));
        Assert.Equal((1, node.Clock.GetUtcNow()), (due.FailedAttempts, due.FirstFailedAt));
        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, 3, DeliveryEnding.Continue)], Ending);
        Assert.Equal((0, null, 0), ((await subscriber.FindAsync())!.FailedAttempts, (await subscriber.FindAsync())!.LastFailure, (await subscriber.FindAsync())!.Undelivered));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_claim_takes_no_more_bytes_than_it_may_and_always_one(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        // The states of no device: [] each.
        await Subscriber.OnAsync(node, UserId.New());
        var device = await node.RegisterAsync();
        await node.DispatchAsync();
        var large = await Subscriber.OnAsync(node, device.User);
        await node.DispatchAsync();

        node.Get<SubscriptionOptions>().MaxClaimedBytes = 7;
        var due = await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending);
        Assert.Equal([(0L, 2), (1, 2), (2, 2)], Sizes(due.Single(d => d.Id != large.Id)));
        Assert.Equal([(0L, 38)], Sizes(due.Single(d => d.Id == large.Id)));
        await node.Deliveries.SettleAsync([.. due.Select(d => new DeliveryResult(d.Id, d.Notifications[^1].SequenceNumber, DeliveryEnding.Continue))], Ending);
        due = await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending);
        Assert.Equal([(3L, 2)], Sizes(due.Single(d => d.Id != large.Id)));
        Assert.Equal([(1L, 2), (2, 2)], Sizes(due.Single(d => d.Id == large.Id)));

        static IEnumerable<(long, int)> Sizes(DueSubscription of) => of.Notifications.Select(n => (n.SequenceNumber, n.Body.Bytes.Length));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task That_a_receiver_is_gone_is_hinted_to_all_nodes_so_that_nobody_hurries_for_it(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var device = await node.RegisterAsync();
        await node.PublishAsync(device, "/a");
        node.Twins.Changed(device.Id, device.User, await node.SignInAsync(device), "/a", [1], 60);
        await node.Online.FlushAsync(Ending);
        await node.Twins.FlushAsync(Ending);
        await Subscriber.OnAsync(node, device.User, device.Id, "/a");
        await node.DispatchAsync();
        var interest = node.Get<SubscriptionInterest>();
        await interest.RefreshAsync(Ending);
        Assert.True(interest.Has(device.Id));
        var due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        using var hints = new HintRecorder(node.Get<IHints>());

        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, null, DeliveryEnding.Gone)], Ending);
        await node.DispatchAsync();

        Assert.Equal([new Hint(EventKind.SubscriptionCancelled, device.User, device.Id, 0)], hints.All);
        await interest.RefreshAsync(Ending);
        Assert.False(interest.Has(device.Id));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_node_that_stops_gives_back_what_it_has_not_sent(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var subscriber = await Subscriber.OnAsync(node, UserId.New());
        await node.DispatchAsync();
        var due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));

        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, null, DeliveryEnding.Continue)], Ending);

        Assert.Equal(4, Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending)).Notifications.Count);
        Assert.Null((await subscriber.FindAsync())!.LastDelivered);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_is_told_while_it_is_claimed_is_due_when_it_is_given_back(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var user = UserId.New();
        await Subscriber.OnAsync(node, user);
        await node.DispatchAsync();
        var due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        await node.RegisterAsync(user);
        await node.DispatchAsync();

        Assert.Empty(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, 3, DeliveryEnding.Continue)], Ending);

        Assert.Equal([4], Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending)).Notifications.Select(n => n.SequenceNumber));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_result_that_is_written_twice_or_too_late_changes_nothing(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var subscriber = await Subscriber.OnAsync(node, UserId.New());
        await node.DispatchAsync();
        var first = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        var result = new DeliveryResult(first.Id, 0, DeliveryEnding.Failed, node.Clock.GetUtcNow(), "no") { Claim = first.Claim };
        await node.Deliveries.SettleAsync([result], Ending);
        await node.Deliveries.SettleAsync([result, result], Ending);
        Assert.Equal((1, 3), ((await subscriber.FindAsync())!.FailedAttempts, (await subscriber.FindAsync())!.Undelivered));

        var second = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending));
        await node.Deliveries.SettleAsync([result, new DeliveryResult(Guid.NewGuid(), 5, DeliveryEnding.Gone)], Ending);
        Assert.Empty(await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending));
        // It ran out, and is claimed anew: what came of the former one comes too late.
        node.Clock.Advance(node.Get<SubscriptionOptions>().ClaimTime);
        var third = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending));
        await node.Deliveries.SettleAsync([new DeliveryResult(second.Id, 3, DeliveryEnding.Gone) { Claim = second.Claim }], Ending);
        Assert.Equal(3, (await subscriber.FindAsync())!.Undelivered);
        await node.Deliveries.SettleAsync([new DeliveryResult(third.Id, 3, DeliveryEnding.Continue) { Claim = third.Claim }], Ending);
        Assert.Equal(0, (await subscriber.FindAsync())!.Undelivered);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task One_that_is_gone_leaves_nothing(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var user = UserId.New();
        var subscriber = await Subscriber.OnAsync(node, user);
        await node.DispatchAsync();
        var due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        // Ended just before the receiver said so: that finds nobody to tell.
        await subscriber.UnsubscribeAsync();

        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, 1, DeliveryEnding.Gone)], Ending);
        await node.DispatchAsync();

        await LeavesNothingAsync(subscriber);
        Assert.Empty(await node.EventKindsAsync(user));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task With_its_last_notification_an_ended_one_goes(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var subscriber = await Subscriber.OnAsync(node, UserId.New());
        await node.DispatchAsync();
        await subscriber.UnsubscribeAsync();
        // All is delivered before its end is numbered: it stays for that.
        var due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, 3, DeliveryEnding.Continue)], Ending);
        Assert.NotNull(await subscriber.RowAsync());
        await node.DispatchAsync();

        due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        var last = Assert.Single(due.Notifications);
        Assert.Equal((4, EventKind.SubscriptionCancelled, NotificationBody.None.ContentType, 0), (last.SequenceNumber, last.Kind, last.Body.ContentType, last.Body.Bytes.Length));
        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, 4, DeliveryEnding.Continue)], Ending);

        await LeavesNothingAsync(subscriber);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task One_that_is_given_up_is_told_its_end_once_more_and_goes(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var user = UserId.New();
        var subscriber = await Subscriber.OnAsync(node, user);
        await node.DispatchAsync();
        var due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        var failed = node.Clock.GetUtcNow();
        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, null, DeliveryEnding.Failed, failed)], Ending);
        node.Clock.Advance(TimeSpan.FromDays(1));
        due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending));

        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, null, DeliveryEnding.GivenUp)], Ending);

        Assert.Null(await subscriber.FindAsync());
        Assert.Empty(await subscriber.WaitingAsync());
        Assert.Null(await node.Deliveries.NextDueAsync(DeliveryLane.Retry, Ending));
        await node.RegisterAsync(user);
        await node.DispatchAsync();
        due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending));
        Assert.Equal([(4L, EventKind.SubscriptionCancelled)], due.Notifications.Select(n => (n.SequenceNumber, n.Kind)));
        // The sender sees that its time is over: there is one attempt.
        Assert.Equal(failed, due.FirstFailedAt);
        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, null, DeliveryEnding.GivenUp)], Ending);
        await LeavesNothingAsync(subscriber);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task An_ended_one_that_is_given_up_skips_to_its_end(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var subscriber = await Subscriber.OnAsync(node, UserId.New());
        await node.DispatchAsync();
        await subscriber.UnsubscribeAsync();
        await node.DispatchAsync();
        var due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));

        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, null, DeliveryEnding.GivenUp)], Ending);

        Assert.Equal(["4 SubscriptionCancelled"], await subscriber.WaitingAsync());
        due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, null, DeliveryEnding.GivenUp)], Ending);
        await LeavesNothingAsync(subscriber);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_failure_of_what_was_dropped_meanwhile_does_not_keep_the_end_waiting(StoreProvider provider)
    {
        var node = await NewAsync(provider);
        var user = UserId.New();
        var subscriber = await Subscriber.OnAsync(node, user);
        await node.DispatchAsync();
        var due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        await node.Store.WriteAsync((context, token) => node.Get<SubscriptionRevocation>().RevokeAsync(context, user, Subscriber.Client, token), Ending);
        await node.DispatchAsync();
        // Not beside what is being sent, but after it.
        Assert.Empty(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));

        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, 0, DeliveryEnding.Failed, node.Clock.GetUtcNow().AddMinutes(5))], Ending);

        due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        Assert.Equal([(4L, EventKind.SubscriptionCancelled)], due.Notifications.Select(n => (n.SequenceNumber, n.Kind)));
        await node.Deliveries.SettleAsync([new DeliveryResult(due.Id, 4, DeliveryEnding.Continue)], Ending);
        await LeavesNothingAsync(subscriber);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_killed_process_finds_its_claims_due_at_once(StoreProvider provider)
    {
        var (node, again, _) = await SeveralAsync(provider);
        await Subscriber.OnAsync(node, UserId.New());
        await node.DispatchAsync();
        Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));

        Assert.Equal(node.Clock.GetUtcNow(), await again.Deliveries.NextDueAsync(DeliveryLane.First, Ending));
        Assert.Single(await again.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        Assert.Empty(await again.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
    }

    [Fact]
    public async Task The_claims_of_a_dead_node_are_due_again_on_another_when_they_ran_out()
    {
        var (here, _, there) = await SeveralAsync(StoreProvider.PostgreSql);
        var subscriber = await Subscriber.OnAsync(here, UserId.New());
        await here.DispatchAsync();
        var dead = Assert.Single(await here.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        Assert.Empty(await there.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        Assert.Equal(dead.ClaimedUntil, await there.Deliveries.NextDueAsync(DeliveryLane.First, Ending));

        here.Clock.Advance(here.Get<SubscriptionOptions>().ClaimTime);
        var due = Assert.Single(await there.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));

        Assert.Equal(dead.Notifications.Select(n => n.SequenceNumber), due.Notifications.Select(n => n.SequenceNumber));
        // It was not dead but slow: the claim is left to the other one.
        await here.Deliveries.SettleAsync([new DeliveryResult(dead.Id, 3, DeliveryEnding.Gone)], Ending);
        Assert.Equal(4, (await subscriber.FindAsync())!.Undelivered);
        await there.Deliveries.SettleAsync([new DeliveryResult(due.Id, 3, DeliveryEnding.Continue)], Ending);
        Assert.Equal(0, (await subscriber.FindAsync())!.Undelivered);
    }

    private static async Task LeavesNothingAsync(Subscriber subscriber)
    {
        Assert.Null(await subscriber.RowAsync());
        Assert.Null(await subscriber.DeliveryAsync());
        Assert.Empty(await subscriber.RowsAsync());
    }

    // A store of its own: what is due is due for all of it.
    private async Task<CloudNode> NewAsync(StoreProvider provider) => (await SeveralAsync(provider)).First;

    /// <summary>A node, a process that is the same node, and (SQLite: the first again) another node.</summary>
    private async Task<(CloudNode First, CloudNode Again, CloudNode Other)> SeveralAsync(StoreProvider provider)
    {
        var folder = Stores.NewFolder();
        if (provider == StoreProvider.Sqlite)
        {
            var node = Stores.OnSqlite(folder);
            await node.MigrateOnceAsync();
            return (node, Stores.OnSqlite(folder), node);
        }
        var database = await Stores.NewDatabaseAsync();
        var first = Stores.OnPostgreSql(database, folder);
        await first.MigrateOnceAsync();
        return (first, Stores.OnPostgreSql(database, folder), Stores.OnPostgreSql(database, Stores.NewFolder()));
    }
}
