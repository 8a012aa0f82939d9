using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Clock;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Clock;

/// <summary>What the operator is told of steps, and what is dated by a clock that was ahead.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The nodes are the stores'.")]
public sealed class ClockWatchTests(Stores stores) : StoreTests(stores)
{
    [Fact]
    public async Task Each_step_is_told_once_and_how_it_went_on()
    {
        var (node, _) = await NewAsync(StoreProvider.Sqlite);
        using var watch = Watch(node);
        watch.Look();
        Step(node, TimeSpan.FromHours(1));
        watch.Look();
        watch.Look();
        Assert.Contains("has stepped by 01:00:00", Assert.Single(node.Log.Lines), StringComparison.Ordinal);
        Step(node, TimeSpan.FromHours(-1));
        watch.Look();
        watch.Look();
        Assert.Contains("was not followed", node.Log.Lines.ElementAt(1), StringComparison.Ordinal);
        Step(node, TimeSpan.FromDays(1));
        watch.Look();
        node.Clock.Advance(TimeSpan.FromMinutes(6));
        watch.Look();
        Assert.Contains("follows its step by 1.00:00:00", node.Log.Lines.ElementAt(3), StringComparison.Ordinal);
        watch.Look();
        Assert.Equal(4, node.Log.Lines.Count);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_a_clock_that_was_ahead_put_off_is_due_when_it_goes_back(StoreProvider provider)
    {
        var (node, _) = await NewAsync(provider);
        var subscriber = await Subscriber.OnAsync(node, UserId.New());
        await node.DispatchAsync();
        await FailAsync(node);
        Assert.Empty(await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending));

        using var watch = Watch(node);
        Step(node, TimeSpan.FromHours(-1));
        watch.Look();
        node.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending));
        watch.Look();
        Assert.Equal(subscriber.Id, Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending)).Id);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_is_being_sent_stays_its_sender_s_for_as_long_as_a_claim_holds(StoreProvider provider)
    {
        var (node, _) = await NewAsync(provider);
        var subscriber = await Subscriber.OnAsync(node, UserId.New());
        await node.DispatchAsync();
        Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));

        Step(node, TimeSpan.FromHours(-1));
        node.Deliveries.ReviewDates();
        Assert.Empty(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        node.Clock.Advance(node.Get<SubscriptionOptions>().ClaimTime);
        Assert.Equal(subscriber.Id, Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending)).Id);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task So_it_is_where_the_clock_was_put_right_while_the_process_was_away(StoreProvider provider)
    {
        var (node, again) = await NewAsync(provider);
        var subscriber = await Subscriber.OnAsync(node, UserId.New());
        await node.DispatchAsync();
        await FailAsync(node);
        Step(node, TimeSpan.FromHours(-1));
        Assert.Equal(subscriber.Id, Assert.Single(await again.Deliveries.ClaimAsync(DeliveryLane.Retry, 10, Ending)).Id);
    }

    // An attempt that failed, and the next one is due in a minute.
    private static async Task FailAsync(CloudNode node)
    {
        var due = Assert.Single(await node.Deliveries.ClaimAsync(DeliveryLane.First, 10, Ending));
        await node.Deliveries.SettleAsync(
            [new DeliveryResult(due.Id, null, DeliveryEnding.Failed, node.Clock.GetUtcNow() + TimeSpan.FromMinutes(1), "answered 500") { Claim = due.Claim }], Ending);
    }

    private static ClockWatch Watch(CloudNode node)
    {
        var options = new ClockOptions();
        return new ClockWatch(new SteadyClock(node.Clock, options), options, node.Deliveries, node.Get<CoreMetrics>(), node.Get<ILogger<ClockWatch>>());
    }

    // The node's own clock is no steady one: it sees the step at once.
    private static void Step(CloudNode node, TimeSpan by) => node.Clock.Step(by);

    /// <summary>A node on a store of its own, and a later process of the same.</summary>
    private async Task<(CloudNode Node, CloudNode Again)> NewAsync(StoreProvider provider)
    {
        var folder = Stores.NewFolder();
        var database = provider == StoreProvider.Sqlite ? null : await Stores.NewDatabaseAsync();
        CloudNode One() => database is null ? Stores.OnSqlite(folder) : Stores.OnPostgreSql(database, folder);
        var node = One();
        await node.MigrateOnceAsync();
        return (node, One());
    }
}
