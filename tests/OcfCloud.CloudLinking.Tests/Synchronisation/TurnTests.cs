using System.Net;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Tests.Synchronisation.Support;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Tests.Synchronisation;

/// <summary>What a turn does and what it leaves, where something fails or there is little to do.</summary>
public sealed class TurnTests(SyncStores stores) : IClassFixture<SyncStores>
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_leaves_what_is_due_later_as_it_was()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var light = target.AddDevice();
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        // No turn would say so: it would be found that the hour is not over.
        var due = origin.Clock.GetUtcNow() + TimeSpan.FromMinutes(7);
        await origin.ChangeAsync(account => account.DueAt = due);

        await target.TellAsync(target.OfAll, "devices_offline", TargetCloud.Dis(light));
        await OriginCloud.UntilAsync(async () => (await origin.DevicesAsync()).All(d => !d.Online));
        await origin.UntilIdleAsync();

        Assert.Equal(due, (await origin.AccountAsync()).DueAt);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(500)]
    [InlineData(302)]
    public async Task A_device_whose_subscription_always_fails_keeps_nothing_else_waiting(int status)
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var odd = target.AddDevice("odd");
        var even = target.AddDevice("even", "online", "/light");
        target.Instead = context => FailAsync(context, "POST", odd, status);
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();

        Assert.Equal(2, target.Subscriptions.Count);
        Assert.Null((await origin.AccountAsync()).Trouble);
        await origin.Subscriptions.EnsureAsync(origin.AccountId, even, "/light", Ending);
        await origin.Subscriptions.EndAsync(origin.AccountId, even, "/light", Ending);
        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.Count == 2));
        await origin.UntilIdleAsync();
        // It is asked again, alone.
        target.Instead = null;
        origin.Clock.Advance(TimeSpan.FromMinutes(11));
        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.Count == 3));
    }

    [Fact]
    public async Task A_device_that_cannot_be_asked_now_keeps_no_cancellation_waiting()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var odd = target.AddDevice("odd");
        var even = target.AddDevice("even");
        target.Instead = context => FailAsync(context, "POST", odd, 429);
        await origin.LinkAsync(target);
        await OriginCloud.UntilAsync(async () => await origin.AccountAsync() is { WorkNode: null, Failures: 1 });
        Assert.Equal(2, target.Subscriptions.Count);
        target.RemoveDevice(even);
        await target.TellAsync(target.OfAll, "devices_unregistered", TargetCloud.Dis(even));
        await OriginCloud.UntilAsync(async () => (await origin.InboxAsync()).Count == 0);

        origin.Clock.Advance(TimeSpan.FromMinutes(1));

        await OriginCloud.UntilAsync(async () => await origin.AccountAsync() is { WorkNode: null, Failures: 2 });
        Assert.Single(target.Subscriptions);
        Assert.Contains("HTTP 429", (await origin.AccountAsync()).Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Devices_that_cannot_be_retrieved_keep_neither_subscriptions_nor_cancellations_waiting()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/a", "/b");
        await origin.LinkAsync(target);
        await RunAsync(origin);
        await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/a", Ending);
        await origin.Subscriptions.EndAsync(origin.AccountId, light, "/a", Ending);
        target.Instead = context => FailAsync(context, "POST", light, 500, "/b");
        await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/b", Ending);
        origin.Clock.Advance(TimeSpan.FromMinutes(1));
        await origin.ChangeAsync(account => (account.NeedsRetrieval, account.DueAt) = (true, origin.Clock.GetUtcNow()));
        target.Instead = async context => context.Request.Path == "/api/v1/devices" && await FailAsync(context, "GET", null, 500);

        var end = await RunAsync(origin);

        Assert.Contains("HTTP 500", end.Trouble!.Words, StringComparison.Ordinal);
        string[] paths = ["/subscriptions", $"/{light}/b/subscriptions", $"/{light}/subscriptions"];
        Assert.Equal(paths.Select(path => "/api/v1/devices" + path).Order(StringComparer.Ordinal), target.Subscriptions.Select(one => one.Path).Order(StringComparer.Ordinal));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_turn_ends_when_its_time_is_over_and_the_next_one_goes_on_at_once(StoreProvider provider)
    {
        await using var world = await World.StartAsync(
            stores, provider, works: false, configure: options => (options.TurnTime, options.MaxParallelSubscriptions) = (TimeSpan.FromMilliseconds(1), 1));
        var (origin, target) = world;
        for (var i = 0; i < 20; i++) target.AddDevice();
        // Longer than a turn has.
        target.BeforeAnswer = _ => Task.Delay(20, Ending);
        await origin.LinkAsync(target);

        // Of each kind a handful.
        foreach (var expected in new[] { 9, 17, 21 })
        {
            var end = await RunAsync(origin);
            Assert.Null(end.Trouble);
            Assert.Equal(expected, target.Subscriptions.Count);
            if (expected < 21) Assert.Equal((true, origin.Clock.GetUtcNow()), (end.IsUnfinished, (await origin.AccountAsync()).DueAt));
        }
    }

    [Fact]
    public async Task What_is_slow_keeps_no_cancellation_waiting()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false, configure: options => options.TurnTime = TimeSpan.FromMilliseconds(1));
        var (origin, target) = world;
        var (light, odd) = (target.AddDevice("light", "online", "/light"), target.AddDevice("odd"));
        await origin.LinkAsync(target);
        await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
        await origin.Subscriptions.EndAsync(origin.AccountId, light, "/light", Ending);
        target.Instead = async context =>
        {
            await Task.Delay(20, Ending);
            return await FailAsync(context, "POST", odd, 429);
        };

        Assert.NotNull((await RunAsync(origin)).Trouble);

        Assert.DoesNotContain(target.Subscriptions, one => one.Path.EndsWith("/light/subscriptions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancellation_that_always_fails_is_tried_again_later_alone()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
        target.Instead = context => FailAsync(context, "DELETE", light, 500);

        await origin.Subscriptions.EndAsync(origin.AccountId, light, "/light", Ending);
        await OriginCloud.UntilAsync(() => Task.FromResult(target.Requests.Any(r => r.StartsWith("DELETE", StringComparison.Ordinal))));
        await origin.UntilIdleAsync();

        Assert.Null((await origin.AccountAsync()).Trouble);
        target.Instead = null;
        origin.Clock.Advance(TimeSpan.FromMinutes(1));
        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.Count == 2));
    }

    [Fact]
    public async Task Observers_at_a_target_that_is_down_do_not_make_it_asked_more_often()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        target.Instead = context =>
        {
            context.Response.StatusCode = 429;
            return Task.FromResult(true);
        };
        await origin.ChangeAsync(account => (account.NeedsRetrieval, account.DueAt) = (true, origin.Clock.GetUtcNow()));
        await OriginCloud.UntilAsync(async () => await origin.AccountAsync() is { WorkNode: null, Failures: 1 });
        var due = (await origin.AccountAsync()).DueAt;

        var ensured = await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);

        Assert.Equal(EnsureOutcome.Pending, ensured.Outcome);
        Assert.Equal(due, (await origin.AccountAsync()).DueAt);
    }

    [Fact]
    public async Task An_observation_that_begins_while_everything_is_retrieved_causes_no_other_retrieval()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        target.Instead = async context =>
        {
            if (context.Request.Method != "GET") return await FailAsync(context, "POST", light, 500, "/light/");
            await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
            return false;
        };

        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();

        Assert.Single(target.Requests, r => r == "GET /api/v1/devices");
    }

    [Fact]
    public async Task Between_two_retrievals_there_is_a_pause()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, configure: options => options.RetrievalPause = TimeSpan.FromSeconds(2));
        var (origin, target) = world;
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();

        Assert.Equal(HttpStatusCode.OK, await target.TellAsync(target.OfAll, "devices_online", TargetCloud.Dis(), number: 5));
        await OriginCloud.UntilAsync(async () => await origin.AccountAsync() is { WorkNode: null, NeedsRetrieval: true } account && account.DueAt > origin.Clock.GetUtcNow());
        Assert.Single(target.Requests, r => r == "GET /api/v1/devices");
        Assert.Equal(origin.Clock.GetUtcNow() + TimeSpan.FromSeconds(2), (await origin.AccountAsync()).DueAt);

        origin.Clock.Advance(TimeSpan.FromSeconds(2));
        await origin.UntilIdleAsync();
        Assert.Equal(2, target.Requests.Count(r => r == "GET /api/v1/devices"));
    }

    [Fact]
    public async Task One_account_that_gets_no_events_turns_them_off_for_nobody_else()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        target.AddDevice();
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        target.Instead = async context => context.Request.Path == "/api/v1/devices/subscriptions" && await FailAsync(context, "POST", null, 404);

        await origin.LinkAnotherAsync();
        await OriginCloud.UntilAsync(async () => await origin.Store.ReadAsync(
            (context, _) => Task.FromResult(context.Set<LinkedAccount>().Count(a => a.LinkedCloudId == origin.CloudId && a.LastSyncAt != null && a.WorkNode == null)), Ending) == 2);

        Assert.True((await origin.CloudAsync()).HasEvents);
    }

    [Fact]
    public async Task An_event_proves_that_a_target_has_events()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false);
        var (origin, target) = world;
        await origin.LinkAsync(target);
        target.BeforeAnswer = async made =>
        {
            Assert.Equal(HttpStatusCode.OK, await target.TellAsync(made, "devices_online", TargetCloud.Dis()));
            throw new IOException("The line is cut.");
        };
        var held = Assert.Single(await origin.Get<AccountClaims>().ClaimAsync(1, new Dictionary<Guid, Guid>(), Ending));

        Assert.NotNull((await origin.Get<AccountTurn>().RunAsync(held, Ending)).Trouble);

        Assert.True((await origin.CloudAsync()).HasEvents);
    }

    [Fact]
    public async Task What_is_told_of_all_devices_is_worked_on_before_what_single_ones_tell()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false);
        var (origin, target) = world;
        var lights = Enumerable.Range(0, 100).Select(_ => target.AddDevice()).ToArray();
        await origin.LinkAsync(target);
        var claims = origin.Get<AccountClaims>();
        var held = Assert.Single(await claims.ClaimAsync(1, new Dictionary<Guid, Guid>(), Ending));
        await origin.Get<AccountTurn>().RunAsync(held, Ending);
        foreach (var light in lights) await target.TellAsync(target.Of(light), "resources_published", TargetCloud.Links(light, "/light"));
        foreach (var light in lights.Take(32)) await target.TellAsync(target.OfAll, "devices_unregistered", TargetCloud.Dis(light));

        // The first page.
        var page = await origin.Store.ReadAsync((context, token) => Inbox.ReadAsync(context, origin.AccountId, token), Ending);

        Assert.All(page.Take(32), waiting => Assert.True(waiting.IsOfAll));
        Assert.Equal(64, page.Count);
        Assert.Equal(Enumerable.Range(0, 32).Select(i => (long)i), page.Take(32).Select(waiting => waiting.Event.SequenceNumber));
    }

    private static async Task<TurnEnd> RunAsync(OriginCloud origin)
    {
        var claims = origin.Get<AccountClaims>();
        var held = Assert.Single(await claims.ClaimAsync(1, new Dictionary<Guid, Guid>(), Ending));
        var end = await origin.Get<AccountTurn>().RunAsync(held, Ending);
        await claims.SettleAsync(held, end, Ending);
        return end;
    }

    private static Task<bool> FailAsync(HttpContext context, string method, DeviceId? device, int status, string below = "")
    {
        if (context.Request.Method != method || (device is { } of && !context.Request.Path.Value!.Contains(of + below, StringComparison.Ordinal))) return Task.FromResult(false);
        context.Response.StatusCode = status;
        return Task.FromResult(true);
    }
}
