using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Tests.Synchronisation.Support;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Tests.Synchronisation;

/// <summary>A linked account and its target, on both stores.</summary>
public sealed class SynchronisationTests(SyncStores stores) : IClassFixture<SyncStores>
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_linked_account_is_mirrored_and_subscribed_to(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light", "/oic/d");
        var lamp = target.AddDevice("lamp", "offline", "/lamp");

        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();

        Assert.Equal([("lamp", false), ("light", true)], (await origin.DevicesAsync()).Select(d => (d.Name, d.Online)).Order());
        Assert.Equal(["/light", "/oic/d"], await origin.HrefsAsync(light));
        Assert.Equal(["devices_registered", "devices_unregistered", "devices_online", "devices_offline"], target.OfAll.EventTypes);
        Assert.Equal(["resources_published", "resources_unpublished"], target.Of(lamp).EventTypes);
        Assert.All(target.Subscriptions, s => Assert.Equal(32, s.Secret.Length));
        Assert.Equal(3, (await origin.RowsAsync()).Count(s => s.State == RemoteSubscriptionState.Live && s.SubscriptionId is not null));
        // Asked for events first, so that nothing falls in between; one list.
        Assert.Equal(["POST /api/v1/devices/subscriptions", "GET /api/v1/devices"], target.Requests.Take(2));
        Assert.Equal(4, target.Requests.Count);
        Assert.True((await origin.CloudAsync()).HasEvents);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Devices_that_come_go_and_change_there_do_so_here(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        var all = target.OfAll;

        var lamp = target.AddDevice("lamp", "online", "/lamp");
        Assert.Equal(HttpStatusCode.OK, await target.TellAsync(all, "devices_registered", TargetCloud.Dis(lamp)));
        await OriginCloud.UntilAsync(async () => (await origin.HrefsAsync(lamp)).SequenceEqual(["/lamp"]));
        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.Any(s => s.Path.Contains(lamp.ToString(), StringComparison.Ordinal))));

        await target.TellAsync(all, "devices_offline", TargetCloud.Dis(light));
        await OriginCloud.UntilAsync(async () => (await origin.DevicesAsync()).Any(d => d.Device == light && !d.Online));
        await target.TellAsync(all, "devices_online", TargetCloud.Dis(light));
        await OriginCloud.UntilAsync(async () => (await origin.DevicesAsync()).All(d => d.Online));

        await target.TellAsync(target.Of(light), "resources_published", TargetCloud.Links(light, "/light"));
        await target.TellAsync(target.Of(light), "resources_published", TargetCloud.Links(light, "/dimmer"));
        await OriginCloud.UntilAsync(async () => (await origin.HrefsAsync(light)).SequenceEqual(["/dimmer", "/light"]));
        await target.TellAsync(target.Of(light), "resources_unpublished", TargetCloud.Links(light, "/light"));
        await OriginCloud.UntilAsync(async () => (await origin.HrefsAsync(light)).SequenceEqual(["/dimmer"]));

        target.RemoveDevice(light);
        await target.TellAsync(all, "devices_unregistered", TargetCloud.Dis(light));
        await OriginCloud.UntilAsync(async () => (await origin.DevicesAsync()).Select(d => d.Device).SequenceEqual([lamp]));
        // Its subscription goes along, there too.
        await OriginCloud.UntilAsync(async () => (await origin.RowsAsync()).All(s => s.DeviceId != light));
        Assert.DoesNotContain(target.Subscriptions, s => s.Path.Contains(light.ToString(), StringComparison.Ordinal));
        // The one device was fetched by itself.
        Assert.Single(target.Requests, r => r == "GET /api/v1/devices");
    }

    [Fact]
    public async Task A_device_that_goes_and_comes_again_before_either_is_worked_on_is_there()
    {
        var clock = new SyncClock();
        await using var target = await TargetCloud.StartAsync(clock);
        await using var origin = await OriginCloud.StartAsync(await stores.OnAsync(StoreProvider.Sqlite), clock);
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        // Somebody works on the account until both are in the inbox.
        await origin.ChangeAsync(account => (account.WorkNode, account.WorkUntil) = (Guid.NewGuid(), clock.GetUtcNow() + TimeSpan.FromMinutes(1)));
        await target.TellAsync(target.OfAll, "devices_unregistered", TargetCloud.Dis(light));
        await target.TellAsync(target.OfAll, "devices_registered", TargetCloud.Dis(light));
        Assert.Equal(2, (await origin.InboxAsync()).Count);

        clock.Advance(TimeSpan.FromMinutes(1));

        await origin.UntilIdleAsync();
        Assert.Equal(["/light"], await origin.HrefsAsync(light));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_link_that_goes_before_the_device_is_subscribed_to_goes_here_too(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light", "/short-lived");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        Assert.Equal(["/light", "/short-lived"], await origin.HrefsAsync(light));

        // The first notification of a subscription: all links that there are.
        await target.TellAsync(target.Of(light), "resources_published", TargetCloud.Links(light, "/light"));

        await OriginCloud.UntilAsync(async () => (await origin.HrefsAsync(light)).SequenceEqual(["/light"]));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_gap_retrieves_everything_anew(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider);
        var (origin, target) = world;
        var light = target.AddDevice();
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        var unheard = target.AddDevice("unheard");
        target.RemoveDevice(light);

        Assert.Equal(HttpStatusCode.OK, await target.TellAsync(target.OfAll, "devices_online", TargetCloud.Dis(), number: 5));

        await OriginCloud.UntilAsync(async () => (await origin.DevicesAsync()).Select(d => d.Device).SequenceEqual([unheard]));
        await origin.UntilIdleAsync();
        // The one that was missing comes late: it was made good already.
        Assert.Equal(HttpStatusCode.OK, await target.TellAsync(target.OfAll, "devices_registered", TargetCloud.Dis(light), number: 3));
        Assert.Empty(await origin.InboxAsync());
    }

    [Fact]
    public async Task A_gap_while_everything_is_retrieved_retrieves_it_once_more()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var told = HttpStatusCode.Unused;
        target.Instead = async context =>
        {
            if (context.Request.Method == "GET" && told == HttpStatusCode.Unused) told = await target.TellAsync(target.OfAll, "devices_online", TargetCloud.Dis(), number: 9);
            return false;
        };

        await origin.LinkAsync(target);

        await OriginCloud.UntilAsync(() => Task.FromResult(target.Requests.Count(r => r == "GET /api/v1/devices") == 2));
        await origin.UntilIdleAsync();
        Assert.Equal(HttpStatusCode.OK, told);
    }

    [Fact]
    public async Task A_long_silence_retrieves_everything_anew()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        var lamp = target.AddDevice();

        origin.Clock.Advance(TimeSpan.FromMinutes(50));
        await target.TellAsync(target.OfAll, "devices_online", TargetCloud.Dis());
        await OriginCloud.UntilAsync(async () => (await origin.InboxAsync()).Count == 0);
        await origin.UntilIdleAsync();
        origin.Clock.Advance(TimeSpan.FromMinutes(50));
        await origin.ChangeAsync(account => account.DueAt = origin.Clock.GetUtcNow());
        await origin.UntilIdleAsync();
        // An event was heard meanwhile.
        Assert.Single(target.Requests, r => r == "GET /api/v1/devices");
        Assert.Empty(await origin.DevicesAsync());

        origin.Clock.Advance(TimeSpan.FromMinutes(70));

        await OriginCloud.UntilAsync(async () => (await origin.DevicesAsync()).Any(d => d.Device == lamp));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(501)]
    public async Task A_target_without_events_is_polled_and_asked_again_after_a_day(int status)
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var takesEvents = false;
        target.Instead = context =>
        {
            if (context.Request.Method != "POST" || takesEvents) return Task.FromResult(false);
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        };
        var light = target.AddDevice();
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        Assert.False((await origin.CloudAsync()).HasEvents);
        Assert.Null((await origin.AccountAsync()).Trouble);
        Assert.Single(await origin.DevicesAsync());

        target.RemoveDevice(light);
        var lamp = target.AddDevice("lamp");
        origin.Clock.Advance(TimeSpan.FromMinutes(1));
        await OriginCloud.UntilAsync(async () => (await origin.DevicesAsync()).Select(d => d.Device).SequenceEqual([lamp]));
        await origin.UntilIdleAsync();
        Assert.Equal(1, target.Requests.Count(r => r.StartsWith("POST", StringComparison.Ordinal)));

        takesEvents = true;
        origin.Clock.Advance(TimeSpan.FromDays(1));
        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.Count == 2));
        await origin.UntilIdleAsync();
        Assert.True((await origin.CloudAsync()).HasEvents);
    }

    [Fact]
    public async Task When_one_account_finds_that_a_target_has_events_now_the_others_ask_too()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var takesEvents = false;
        target.Instead = context =>
        {
            if (!takesEvents) context.Response.StatusCode = 501;
            return Task.FromResult(context.Request.Method == "POST" && !takesEvents);
        };
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        // Another user comes half a day later.
        origin.Clock.Advance(TimeSpan.FromHours(12));
        await origin.UntilIdleAsync();
        await origin.LinkAnotherAsync();
        await OriginCloud.UntilAsync(() => Task.FromResult(target.Requests.Count(r => r.StartsWith("POST", StringComparison.Ordinal)) == 2));

        takesEvents = true;
        origin.Clock.Advance(TimeSpan.FromHours(12));

        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.Count == 2));
    }

    [Fact]
    public async Task An_account_whose_tokens_are_refused_says_so()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        origin.Calls.NeedsLinking = true;

        await origin.LinkAsync(target);

        await OriginCloud.UntilAsync(async () => (await origin.AccountAsync()).Trouble?.EndsWith("link the account again.", StringComparison.Ordinal) == true);
        Assert.Empty(target.Requests);
    }

    [Theory]
    [InlineData("""{"devices": []}""", "application/json")]
    [InlineData("""[{"di": 7}, "x", null]""", "application/json")]
    [InlineData("[", "application/json")]
    [InlineData("[]", "text/html")]
    public async Task Rubbish_changes_nothing_is_said_to_the_user_and_asked_for_again(string body, string contentType)
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        target.AddDevice();
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        target.Instead = async context =>
        {
            if (context.Request.Path != "/api/v1/devices") return false;
            context.Response.ContentType = contentType;
            await context.Response.WriteAsync(body);
            return true;
        };

        await origin.ChangeAsync(account => (account.NeedsRetrieval, account.DueAt) = (true, origin.Clock.GetUtcNow()));
        await OriginCloud.UntilAsync(async () => (await origin.AccountAsync()).Failures == 1);

        var account = await origin.AccountAsync();
        Assert.EndsWith("answered something that is no list of devices.", account.Trouble, StringComparison.Ordinal);
        Assert.InRange(account.DueAt!.Value - origin.Clock.GetUtcNow(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        Assert.Single(await origin.DevicesAsync());

        target.Instead = null;
        origin.Clock.Advance(TimeSpan.FromSeconds(3));
        await origin.UntilIdleAsync();
        Assert.Null((await origin.AccountAsync()).Trouble);
        Assert.Equal(0, (await origin.AccountAsync()).Failures);
    }

    [Fact]
    public async Task What_is_no_device_and_no_link_is_left_out()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.PostgreSql, configure: options => (options.MaxDevices, options.MaxLinksPerDevice) = (2, 2));
        var (origin, target) = world;
        var light = target.AddDevice(new string('x', 80), "online", "/a", "/b", "/c");
        target.Change(light, json => json["links"]!.AsArray().Insert(0, new JsonObject { ["href"] = "no path", ["rt"] = 7 }));
        target.Change(light, json => json["device"]!["rt"]!.AsArray().Add(new string('y', 65)));
        var zero = target.AddDevice("zero\0name", "online");
        target.AddDevice("nowhere", "sleeping");

        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();

        var devices = await origin.DevicesAsync();
        Assert.Equal(new[] { light, zero }.Order(), devices.Select(d => d.Device));
        var mirrored = devices.Single(d => d.Device == light);
        Assert.Equal(64, mirrored.Name.Length);
        Assert.Equal(["oic.wk.d", "oic.d.light"], mirrored.Types);
        Assert.Equal(["/a", "/b"], await origin.HrefsAsync(light));
        Assert.Equal(zero.ToString(), devices.Single(d => d.Device == zero).Name);
    }

    [Fact]
    public async Task A_target_that_is_down_is_asked_ever_less_often_and_loses_nothing()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        target.AddDevice();
        var isDown = true;
        target.Instead = context =>
        {
            if (isDown) (context.Response.StatusCode, context.Response.Headers.RetryAfter) = (503, "100");
            return Task.FromResult(isDown);
        };
        await origin.LinkAsync(target);
        for (var failures = 1; failures <= 3; failures++)
        {
            await OriginCloud.UntilAsync(async () => (await origin.AccountAsync()) is { WorkNode: null } account && account.Failures == failures);
            // As long as it asked for at least.
            var rest = (await origin.AccountAsync()).DueAt!.Value - origin.Clock.GetUtcNow();
            Assert.InRange(rest, TimeSpan.FromSeconds(100), TimeSpan.FromMinutes(5));
            origin.Clock.Advance(rest);
        }
        await OriginCloud.UntilAsync(async () => (await origin.AccountAsync()) is { WorkNode: null, Failures: 4 });
        Assert.EndsWith("has trouble of its own (HTTP 503).", (await origin.AccountAsync()).Trouble, StringComparison.Ordinal);

        isDown = false;
        origin.Clock.Advance(TimeSpan.FromMinutes(10));
        await OriginCloud.UntilAsync(async () => (await origin.DevicesAsync()).Count == 1);
        await origin.UntilIdleAsync();
        Assert.Null((await origin.AccountAsync()).Trouble);
        Assert.Equal(2, target.Subscriptions.Count);
    }

    [Fact]
    public async Task Events_are_worked_on_and_no_call_is_made_while_the_account_has_to_be_linked_again()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var light = target.AddDevice();
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        await origin.ChangeAsync(account => account.State = AccountState.NeedsLinking);
        var asked = target.Requests.Count;

        await target.TellAsync(target.OfAll, "devices_registered", TargetCloud.Dis(DeviceId.New()));
        await target.TellAsync(target.OfAll, "devices_offline", TargetCloud.Dis(light));
        await OriginCloud.UntilAsync(async () => (await origin.DevicesAsync()).All(d => !d.Online));

        Assert.Equal(asked, target.Requests.Count);
        Assert.True((await origin.AccountAsync()).NeedsRetrieval);
    }

    [Fact]
    public async Task A_thousand_devices_take_one_list_and_one_subscription_each()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        const int Count = 1_000;
        for (var i = 0; i < Count; i++) target.AddDevice($"device {i}", "online", "/a", "/b", "/c", "/d", "/e");
        var atOnce = 0;
        var most = 0;
        target.Instead = async context =>
        {
            if (context.Request.Method != "POST") return false;
            InterlockedMax(ref most, Interlocked.Increment(ref atOnce));
            await Task.Delay(2);
            Interlocked.Decrement(ref atOnce);
            return false;
        };

        var started = System.Diagnostics.Stopwatch.StartNew();
        await origin.LinkAsync(target);
        await OriginCloud.UntilAsync(async () => (await origin.Mirrors.CountAsync(origin.User, origin.CloudId, Ending)) == Count);
        var mirrored = started.Elapsed;
        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.Count == Count + 1), TimeSpan.FromSeconds(120));
        TestContext.Current.SendDiagnosticMessage("mirrored after {0}, subscribed after {1}", mirrored, started.Elapsed);

        Assert.Equal(Count + 2, target.Requests.Count);
        Assert.InRange(most, 2, 8);

        // And the first events of all.
        started.Restart();
        await Parallel.ForEachAsync(
            target.Subscriptions.Where(s => s.EventTypes.Contains("resources_published")),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Ending },
            async (s, _) =>
            {
                Assert.Equal(HttpStatusCode.OK, await target.TellAsync(s, "resources_published", TargetCloud.Links(DeviceId.TryParse(s.Path.Split('/')[4], out var device) ? device : default, "/f")));
                Assert.Equal(HttpStatusCode.OK, await target.TellAsync(s, "resources_unpublished", new JsonArray()));
            });
        var told = started.Elapsed;
        await OriginCloud.UntilAsync(async () => (await origin.InboxAsync()).Count == 0, TimeSpan.FromSeconds(60));
        TestContext.Current.SendDiagnosticMessage("first events confirmed after {0}, worked on after {1}", told, started.Elapsed);
        await origin.UntilIdleAsync();
        Assert.Contains("/f", await origin.HrefsAsync((await origin.DevicesAsync())[0].Device));
        Assert.Equal(Count + 2, target.Requests.Count);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        int seen;
        while (now > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, now, seen) != seen)
        {
        }
    }
}
