using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Tests.Synchronisation.Support;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Tests.Synchronisation;

/// <summary>What fails again and again, or is not wanted any more, costs neither this cloud nor the other one a request or a turn each second.</summary>
public sealed class SeldomAskedTests(SyncStores stores) : IClassFixture<SyncStores>
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(500, 1, 1)]
    [InlineData(404, 10, 2)]
    public async Task A_device_whose_subscription_fails_each_time_causes_no_retrieval_each_time(int status, int minutes, int lists)
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var odd = target.AddDevice("odd");
        target.Instead = context => FailAsync(context, "POST", odd.ToString(), status);
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();

        for (var asked = 1; asked <= 4; asked++)
        {
            Assert.Equal(asked, Asked());
            origin.Clock.Advance(TimeSpan.FromMinutes(minutes));
            await OriginCloud.UntilAsync(() => Task.FromResult(Asked() > asked));
            await origin.UntilIdleAsync();
        }

        // After a 404 whether it is gone, once.
        Assert.Equal(lists, target.Requests.Count(request => request == "GET /api/v1/devices"));

        int Asked() => target.Requests.Count(request => request == $"POST /api/v1/devices/{odd}/subscriptions");
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_interest_of_a_node_that_died_is_forgotten_when_it_is_over(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        var ensured = await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
        await AddInterestAsync(origin, ensured.Id, TimeSpan.FromSeconds(30));

        origin.Clock.Advance(TimeSpan.FromSeconds(31));
        await origin.Subscriptions.RenewAsync([ensured.Id], Ending);
        await origin.ChangeAsync(account => account.DueAt = origin.Clock.GetUtcNow());
        await origin.UntilIdleAsync();

        var end = origin.Clock.GetUtcNow() + TimeSpan.FromMinutes(2);
        Assert.Equal([end], (await InterestsAsync(origin)).Select(interest => interest.Until));
        Assert.Equal(end, (await origin.AccountAsync()).DueAt);
        Assert.Equal(3, target.Subscriptions.Count);
    }

    [Fact]
    public async Task An_interest_that_is_over_does_not_pass_to_a_subscription_that_is_made_anew()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        var ensured = await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
        await AddInterestAsync(origin, ensured.Id, TimeSpan.FromSeconds(30));
        origin.Clock.Advance(TimeSpan.FromSeconds(30));

        var old = Assert.Single(await origin.RowsAsync());
        await origin.Store.WriteAsync((context, token) => origin.Get<SubscriptionRows>().RemakeLaterAsync(context, old, token), Ending);

        Assert.Equal(origin.Clock.GetUtcNow() + TimeSpan.FromSeconds(90), Assert.Single(await InterestsAsync(origin)).Until);
    }

    [Fact]
    public async Task The_interest_in_what_is_being_ended_makes_no_turn_due()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
        // It is over before the cancellation is tried again.
        origin.Clock.Advance(TimeSpan.FromSeconds(90));
        target.Instead = context => FailAsync(context, "DELETE", light.ToString(), 500);
        target.RemoveDevice(light);

        await target.TellAsync(target.OfAll, "devices_unregistered", TargetCloud.Dis(light));
        await OriginCloud.UntilAsync(() => Task.FromResult(target.Requests.Count(request => request.StartsWith("DELETE", StringComparison.Ordinal)) == 2));
        await origin.UntilIdleAsync();

        Assert.Equal(origin.Clock.GetUtcNow() + TimeSpan.FromMinutes(1), (await origin.AccountAsync()).DueAt);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_cloud_that_loses_its_events_is_polled_and_has_no_turn_in_between(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider, configure: options => options.PollInterval = TimeSpan.FromMinutes(20));
        var (origin, target) = world;
        var odd = target.AddDevice("odd");
        target.Instead = context => FailAsync(context, "POST", odd.ToString(), 500);
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        target.Instead = context => FailAsync(context, "POST", "", 405);

        await target.TellAsync(target.OfAll, "subscription_cancelled", null);
        await OriginCloud.UntilAsync(async () => (await origin.RowsAsync()).Single(row => row.Level == SubscriptionLevel.Devices).State == RemoteSubscriptionState.Making);
        await origin.UntilIdleAsync();
        origin.Clock.Advance(TimeSpan.FromMinutes(1));
        await OriginCloud.UntilAsync(async () => (await origin.CloudAsync()).HasEvents == false);
        await origin.UntilIdleAsync();

        // The one of the device is due all the while, and cannot be had.
        Assert.Contains(
            await origin.RowsAsync(), row => row.Level == SubscriptionLevel.Device && row.State == RemoteSubscriptionState.Making && row.MadeAt <= origin.Clock.GetUtcNow());
        var account = await origin.AccountAsync();
        Assert.Equal(account.LastSyncAt + TimeSpan.FromMinutes(20), account.DueAt);
    }

    [Fact]
    public async Task A_cloud_of_which_was_noted_that_it_has_no_events_has_them_where_they_come()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        await NoteNoEventsAsync(origin);
        Assert.Equal(EnsureOutcome.Live, (await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending)).Outcome);
        var lamp = await origin.Store.WriteAsync(
            async (context, token) =>
            {
                // Mirrored, and not subscribed to yet.
                var added = target.AddDevice("lamp");
                await origin.Mirrors.PutAsync(context, origin.User, origin.CloudId, [new Core.Mirrors.MirroredContent(added, "lamp", ["oic.d.light"], true, [])], token);
                return added;
            },
            Ending);

        await origin.ChangeAsync(account => account.DueAt = origin.Clock.GetUtcNow());

        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.Any(one => one.Path == $"/api/v1/devices/{lamp}/subscriptions")));
        Assert.True((await origin.CloudAsync()).HasEvents);
    }

    [Fact]
    public async Task What_a_cloud_whose_events_come_was_refused_is_waited_for_though_it_was_noted_that_it_has_none()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false);
        var (origin, target) = world;
        var odd = target.AddDevice("odd");
        target.Instead = context => FailAsync(context, "POST", odd.ToString(), 500);
        await origin.LinkAsync(target);
        var claims = origin.Get<AccountClaims>();
        var held = Assert.Single(await claims.ClaimAsync(1, new Dictionary<Guid, Guid>(), Ending));
        var end = await origin.Get<AccountTurn>().RunAsync(held, Ending);
        await NoteNoEventsAsync(origin);

        await claims.SettleAsync(held, end, Ending);

        Assert.Equal(origin.Clock.GetUtcNow() + TimeSpan.FromMinutes(1), (await origin.AccountAsync()).DueAt);
    }

    private static async Task NoteNoEventsAsync(OriginCloud origin) => await origin.Store.WriteAsync(
        (context, token) => context.Set<LinkedCloud>().Where(cloud => cloud.Id == origin.CloudId).ExecuteUpdateAsync(row => row.SetProperty(cloud => cloud.HasEvents, false), token), Ending);

    private static async Task AddInterestAsync(OriginCloud origin, Guid subscription, TimeSpan life) => await origin.Store.WriteAsync(
        (context, _) => Task.FromResult(context.Add(new ResourceInterest { RemoteSubscriptionId = subscription, Node = Guid.NewGuid(), Until = origin.Clock.GetUtcNow() + life })), Ending);

    private static Task<List<ResourceInterest>> InterestsAsync(OriginCloud origin) => origin.Store.ReadAsync(
        (context, token) => context.Set<ResourceInterest>()
            .Where(interest => context.Set<RemoteSubscription>().Any(row => row.Id == interest.RemoteSubscriptionId && row.AccountId == origin.AccountId)).ToListAsync(token),
        Ending);

    private static Task<bool> FailAsync(HttpContext context, string method, string below, int status)
    {
        if (context.Request.Method != method || !context.Request.Path.Value!.Contains(below, StringComparison.Ordinal)) return Task.FromResult(false);
        context.Response.StatusCode = status;
        return Task.FromResult(true);
    }
}
