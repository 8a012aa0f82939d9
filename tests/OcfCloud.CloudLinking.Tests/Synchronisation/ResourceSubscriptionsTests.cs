using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Tests.Synchronisation.Support;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Tests.Synchronisation;

/// <summary>Subscriptions at a target through all that can happen to them.</summary>
public sealed class ResourceSubscriptionsTests(SyncStores stores) : IClassFixture<SyncStores>
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task An_event_that_comes_before_the_answer_is_taken(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider);
        var (origin, target) = world;
        var light = target.AddDevice("light", "offline");
        var early = HttpStatusCode.Unused;
        target.BeforeAnswer = async made =>
        {
            if (made.Path == "/api/v1/devices/subscriptions") early = await target.TellAsync(made, "devices_registered", TargetCloud.Dis(light));
        };

        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();

        Assert.Equal(HttpStatusCode.OK, early);
        var row = (await origin.RowsAsync()).Single(s => s.Level == SubscriptionLevel.Devices);
        Assert.Equal((RemoteSubscriptionState.Live, target.OfAll.Id, 1L), (row.State, row.SubscriptionId, row.NextSequence));
        await target.TellAsync(target.OfAll, "devices_online", TargetCloud.Dis(light));
        await OriginCloud.UntilAsync(async () => (await origin.DevicesAsync()).Single().Online);
    }

    [Fact]
    public async Task One_whose_answer_was_lost_is_made_anew_and_what_was_made_there_is_told_to_end()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        TargetSubscription? lost = null;
        target.BeforeAnswer = made =>
        {
            if (lost is not null) return Task.CompletedTask;
            lost = made;
            throw new IOException("The line is cut.");
        };
        await origin.LinkAsync(target);
        await OriginCloud.UntilAsync(async () => (await origin.AccountAsync()) is { WorkNode: null, Failures: 1 });

        origin.Clock.Advance(TimeSpan.FromMinutes(1));
        await origin.UntilIdleAsync();

        var row = Assert.Single(await origin.RowsAsync());
        Assert.Equal(RemoteSubscriptionState.Live, row.State);
        Assert.NotEqual(lost!.Id, row.SubscriptionId);
        Assert.Equal(HttpStatusCode.Gone, await target.TellAsync(lost, "devices_registered", TargetCloud.Dis()));
    }

    [Fact]
    public async Task One_whose_answer_was_lost_after_an_event_had_come_goes_on()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        target.BeforeAnswer = async made =>
        {
            await target.TellAsync(made, "devices_online", TargetCloud.Dis());
            throw new IOException("The line is cut.");
        };
        await origin.LinkAsync(target);
        await OriginCloud.UntilAsync(async () => (await origin.AccountAsync()) is { WorkNode: null, Failures: 1 });

        origin.Clock.Advance(TimeSpan.FromMinutes(1));
        await origin.UntilIdleAsync();

        var row = Assert.Single(await origin.RowsAsync());
        Assert.Equal((RemoteSubscriptionState.Live, target.OfAll.Id), (row.State, row.SubscriptionId));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task One_that_is_cancelled_there_is_made_anew_after_a_while(bool hasBody)
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        var cancelled = target.OfAll;

        Assert.Equal(HttpStatusCode.OK, await target.TellAsync(cancelled, "subscription_cancelled", hasBody ? new JsonObject() : null));
        await OriginCloud.UntilAsync(async () => (await origin.RowsAsync()).Single().State == RemoteSubscriptionState.Making);
        await origin.UntilIdleAsync();
        Assert.Equal(HttpStatusCode.Gone, await target.TellAsync(cancelled, "devices_registered", TargetCloud.Dis()));
        Assert.Single(target.Requests, r => r.StartsWith("POST", StringComparison.Ordinal));
        var missed = target.AddDevice();

        origin.Clock.Advance(TimeSpan.FromMinutes(1));

        // With what happened in between.
        await OriginCloud.UntilAsync(async () => (await origin.DevicesAsync()).Any(d => d.Device == missed));
        await origin.UntilIdleAsync();
        Assert.Equal(2, (await origin.RowsAsync()).Count(s => s.State == RemoteSubscriptionState.Live));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_resource_is_subscribed_to_as_long_as_somebody_observes_it(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        var mirrored = Assert.Single(await origin.DevicesAsync());

        var ensured = await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
        var again = await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
        Assert.Equal((EnsureOutcome.Live, ensured), (ensured.Outcome, again));
        var there = target.Of(light, "/light");
        Assert.Equal(["resource_contentchanged"], there.EventTypes);

        await target.TellAsync(there, "resource_contentchanged", new JsonObject { ["href"] = $"/{light}/light", ["rt"] = new JsonArray("x"), ["value"] = true });
        await OriginCloud.UntilAsync(async () => await origin.Mirrors.ValueOfAsync(mirrored, "/light", Ending) is not null);
        var value = (await origin.Mirrors.ValueOfAsync(mirrored, "/light", Ending))!;
        Assert.Equal((50, """{"href":"/light","rt":["x"],"value":true}"""), (value.ContentFormat, System.Text.Encoding.UTF8.GetString(value.Representation.Span)));

        await origin.Subscriptions.EndAsync(origin.AccountId, light, "/light", Ending);
        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.All(s => s.Id != there.Id)));
        await OriginCloud.UntilAsync(async () => (await origin.RowsAsync()).All(s => s.Level != SubscriptionLevel.Resource));
        Assert.Null(await origin.Mirrors.ValueOfAsync(mirrored, "/light", Ending));
    }

    [Fact]
    public async Task A_resource_that_no_living_node_observes_is_given_up()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
        // So that it is looked at.
        await origin.ChangeAsync(account => account.DueAt = origin.Clock.GetUtcNow());
        await origin.UntilIdleAsync();
        Assert.Equal(3, target.Subscriptions.Count);

        origin.Clock.Advance(TimeSpan.FromMinutes(2));

        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.Count == 2));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Interests_are_renewed_together_and_those_whose_events_do_not_come_are_named(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider, works: false);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/a", "/b", "/c");
        await origin.LinkAsync(target);
        var a = await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/a", Ending);
        var b = await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/b", Ending);
        var c = await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/c", Ending);
        await origin.Store.WriteAsync(
            (context, token) => context.Set<RemoteSubscription>().Where(s => s.Id == b.Id).ExecuteUpdateAsync(row => row.SetProperty(s => s.State, RemoteSubscriptionState.Making), token), Ending);
        origin.Clock.Advance(TimeSpan.FromMinutes(1));

        var live = await origin.Subscriptions.RenewAsync([a.Id, b.Id, Guid.NewGuid()], Ending);

        Assert.Equal([a.Id], live);
        var interests = await origin.Store.ReadAsync((context, token) => context.Set<ResourceInterest>().Where(i => i.RemoteSubscriptionId == a.Id || i.RemoteSubscriptionId == c.Id)
            .ToDictionaryAsync(i => i.RemoteSubscriptionId, i => i.Until, token), Ending);
        Assert.Equal(TimeSpan.FromMinutes(1), interests[a.Id] - interests[c.Id]);
        await origin.ChangeAsync(account => account.State = CloudLinking.LinkedAccounts.AccountState.NeedsLinking);
        Assert.Empty(await origin.Subscriptions.RenewAsync([a.Id], Ending));
    }

    [Fact]
    public async Task Of_many_observers_that_come_at_once_only_some_ask_at_once()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false, configure: options => options.MaxParallelSubscriptions = 3);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online");
        await origin.LinkAsync(target);
        var (atOnce, most) = (0, 0);
        target.Instead = async _ =>
        {
            var now = Interlocked.Increment(ref atOnce);
            for (var seen = most; now > seen && Interlocked.CompareExchange(ref most, now, seen) != seen; seen = most)
            {
            }
            await Task.Delay(5);
            Interlocked.Decrement(ref atOnce);
            return false;
        };

        var ensured = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(i => origin.Subscriptions.EnsureAsync(origin.AccountId, light, $"/{i}", Ending)));

        Assert.All(ensured, one => Assert.Equal(EnsureOutcome.Live, one.Outcome));
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task A_cancelled_resource_subscription_keeps_who_is_interested()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        var first = await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
        await target.TellAsync(target.Of(light, "/light"), "subscription_cancelled", null);
        await OriginCloud.UntilAsync(async () => (await origin.RowsAsync()).Single(s => s.Level == SubscriptionLevel.Resource).Id != first.Id);
        await origin.UntilIdleAsync();

        origin.Clock.Advance(TimeSpan.FromMinutes(1));

        await OriginCloud.UntilAsync(async () => (await origin.RowsAsync()).Single(s => s.Level == SubscriptionLevel.Resource).State == RemoteSubscriptionState.Live);
        Assert.Equal(2, target.Subscriptions.Count(s => s.Path.EndsWith("/light/subscriptions", StringComparison.Ordinal)));
        Assert.Equal(1, await origin.Store.ReadAsync((context, token) => context.Set<ResourceInterest>().CountAsync(token), Ending));
    }

    [Fact]
    public async Task A_resource_that_is_not_there_or_a_cloud_without_events_keeps_no_row()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false);
        var (origin, target) = world;
        var light = target.AddDevice();
        await origin.LinkAsync(target);
        target.Instead = context =>
        {
            context.Response.StatusCode = context.Request.Path.Value!.Contains("absent", StringComparison.Ordinal) ? 404 : 405;
            return Task.FromResult(true);
        };

        var absent = await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/absent one", Ending);
        var none = await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
        var stranger = await origin.Subscriptions.EnsureAsync(Guid.NewGuid(), light, "/light", Ending);

        Assert.Equal([EnsureOutcome.UnknownTarget, EnsureOutcome.NoEvents, EnsureOutcome.NoAccount], [absent.Outcome, none.Outcome, stranger.Outcome]);
        Assert.Empty(await origin.RowsAsync());
        Assert.Contains($"POST /api/v1/devices/{light}/absent one/subscriptions", target.Requests);
    }

    [Fact]
    public async Task A_device_that_cannot_be_subscribed_to_does_not_hold_up_the_others()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var odd = target.AddDevice("odd");
        target.AddDevice("even");
        target.Instead = context =>
        {
            if (context.Request.Method != "POST" || !context.Request.Path.Value!.Contains(odd.ToString(), StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.StatusCode = 404;
            return Task.FromResult(true);
        };

        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();

        Assert.Equal(2, target.Subscriptions.Count);
        Assert.Null((await origin.AccountAsync()).Trouble);
        // Whether it is gone was asked, once.
        Assert.Equal(2, target.Requests.Count(r => r == "GET /api/v1/devices"));
    }
}
