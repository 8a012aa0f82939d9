using System.Net;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Tests.Synchronisation.Support;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Tests.Synchronisation;

/// <summary>Several nodes, and several lives of one.</summary>
public sealed class NodesTests(SyncStores stores) : IClassFixture<SyncStores>
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_nodes_share_accounts_and_one_works_on_each_at_a_time()
    {
        var clock = new SyncClock();
        await using var target = await TargetCloud.StartAsync(clock);
        await using var one = await OriginCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql), clock);
        await using var other = await OriginCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql), clock);
        for (var i = 0; i < 50; i++) target.AddDevice($"device {i}", "online", "/a");
        other.Calls.Url = target.Url;

        await one.LinkAsync(target);
        other.Get<AccountWork>().Set();
        await one.UntilIdleAsync();

        // Neither did what the other did.
        Assert.Equal(52, target.Requests.Count);
        var lamp = target.AddDevice("lamp");
        var told = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => target.TellAsync(target.OfAll, "devices_registered", TargetCloud.Dis(lamp), number: 0)));
        Assert.All(told, status => Assert.Equal(HttpStatusCode.OK, status));
        await OriginCloud.UntilAsync(async () => (await one.DevicesAsync()).Count == 51);
        await one.UntilIdleAsync();
        Assert.Equal(54, target.Requests.Count);
    }

    [Fact]
    public async Task What_a_dead_node_held_is_taken_over_when_its_lease_has_run_out()
    {
        var clock = new SyncClock();
        await using var target = await TargetCloud.StartAsync(clock);
        await using var origin = await OriginCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql), clock);
        await origin.LinkAsync(target, isDue: false);
        var until = clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        await origin.ChangeAsync(account => (account.WorkNode, account.WorkUntil, account.DueAt) = (Guid.NewGuid(), until, clock.GetUtcNow()));
        origin.Get<AccountWork>().Set();
        // Another account was worked on meanwhile, so this one had its chance.
        await origin.Get<AccountClaims>().ClaimAsync(10, new Dictionary<Guid, Guid>(), Ending);
        Assert.Empty(target.Requests);
        Assert.NotNull((await origin.AccountAsync()).WorkNode);

        clock.Advance(TimeSpan.FromMinutes(1));

        await origin.UntilIdleAsync();
        Assert.Single(target.Subscriptions);
    }

    [Fact]
    public async Task A_node_that_lost_its_lease_writes_nothing_any_more()
    {
        var clock = new SyncClock();
        await using var target = await TargetCloud.StartAsync(clock);
        await using var origin = await OriginCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql), clock, works: false);
        target.AddDevice();
        await origin.LinkAsync(target);
        var held = Assert.Single(await origin.Get<AccountClaims>().ClaimAsync(1, new Dictionary<Guid, Guid>(), Ending));
        await origin.ChangeAsync(account => account.WorkNode = Guid.NewGuid());

        await origin.Get<AccountTurn>().RunAsync(held, Ending);
        await origin.Get<AccountClaims>().SettleAsync(held, new TurnEnd(null), Ending);

        Assert.Empty(await origin.DevicesAsync());
        Assert.Empty(await origin.RowsAsync());
        Assert.NotNull((await origin.AccountAsync()).WorkNode);
    }

    [Fact]
    public async Task An_account_that_is_unlinked_meanwhile_gets_no_mirror()
    {
        var clock = new SyncClock();
        await using var target = await TargetCloud.StartAsync(clock);
        await using var origin = await OriginCloud.StartAsync(await stores.OnAsync(StoreProvider.Sqlite), clock, works: false);
        target.AddDevice();
        target.Instead = async context =>
        {
            if (context.Request.Method == "GET") await origin.ChangeAsync(account => account.State = AccountState.Unlinking);
            return false;
        };
        await origin.LinkAsync(target);
        var held = Assert.Single(await origin.Get<AccountClaims>().ClaimAsync(1, new Dictionary<Guid, Guid>(), Ending));

        await origin.Get<AccountTurn>().RunAsync(held, Ending);

        Assert.Empty(await origin.DevicesAsync());
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Subscriptions_and_confirmed_events_outlive_a_restart(StoreProvider provider)
    {
        var clock = new SyncClock();
        await using var target = await TargetCloud.StartAsync(clock);
        var store = await stores.OnAsync(provider);
        var light = target.AddDevice();
        await using var first = await OriginCloud.StartAsync(store, clock);
        await first.LinkAsync(target);
        await first.UntilIdleAsync();
        await using var deaf = (await OriginCloud.StartAsync(store, clock, works: false)).Sharing(first);
        await first.StopAsync();
        var rows = await deaf.RowsAsync();
        // Confirmed by a life that works on nothing any more, and held by it.
        var all = target.OfAll;
        await Readdressed(target, deaf, all, "devices_offline", light);
        await deaf.ChangeAsync(account => (account.WorkNode, account.WorkUntil) = (deaf.Get<Core.Devices.NodeIdentity>().Id, clock.GetUtcNow() + TimeSpan.FromDays(1)));
        Assert.Single(await deaf.InboxAsync());

        await using var second = (await OriginCloud.StartAsync(store, clock)).Sharing(first);
        await OriginCloud.UntilAsync(async () => (await second.DevicesAsync()).All(d => !d.Online));
        await second.UntilIdleAsync();

        Assert.Equal(rows.Select(r => (r.Id, r.SubscriptionId)).Order(), (await second.RowsAsync()).Select(r => (r.Id, r.SubscriptionId)).Order());
        Assert.Equal(2, target.Requests.Count(r => r.StartsWith("POST", StringComparison.Ordinal)));
    }

    // The address stays in life; the port of a test does not.
    private static async Task Readdressed(TargetCloud target, OriginCloud origin, TargetSubscription to, string eventType, Core.Devices.DeviceId device)
    {
        var here = new TargetSubscription
        {
            Id = to.Id,
            Path = to.Path,
            EventsUrl = origin.Url + new Uri(to.EventsUrl).AbsolutePath,
            EventTypes = to.EventTypes,
            Secret = to.Secret,
        };
        Assert.Equal(HttpStatusCode.OK, await target.TellAsync(here, eventType, TargetCloud.Dis(device)));
    }
}
