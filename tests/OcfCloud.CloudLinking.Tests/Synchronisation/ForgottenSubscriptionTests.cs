using System.Net;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Tests.Synchronisation.Support;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Tests.Synchronisation;

/// <summary>Subscriptions that the target does not know any more, and says nothing about: it gave them up while we were away, or lost its store.</summary>
public sealed class ForgottenSubscriptionTests(SyncStores stores) : IClassFixture<SyncStores>
{
    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task All_are_made_anew_where_the_silent_one_turns_out_to_be_forgotten(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        await origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
        var before = await origin.RowsAsync();
        target.Forget();

        // Somebody observes all the while.
        origin.Clock.Advance(TimeSpan.FromMinutes(70));
        await NoteInterestAsync(origin, light);

        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.Count == 3));
        await origin.UntilIdleAsync();
        var after = await origin.RowsAsync();
        Assert.Equal(3, after.Count);
        Assert.All(after, row => Assert.Equal(RemoteSubscriptionState.Live, row.State));
        Assert.DoesNotContain(after, row => before.Exists(old => old.Id == row.Id));
        Assert.Equal(HttpStatusCode.OK, await target.TellAsync(target.Of(light, "/light"), "resource_contentchanged", new System.Text.Json.Nodes.JsonObject()));
    }

    [Fact]
    public async Task One_of_a_device_is_made_anew_where_a_retrieval_after_silence_finds_what_nobody_told()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        var forgotten = target.Of(light);
        target.Forget(forgotten);
        target.Change(light, json => json["links"] = TargetCloud.Links(light, "/lamp"));

        origin.Clock.Advance(TimeSpan.FromMinutes(70));

        await OriginCloud.UntilAsync(async () => (await origin.HrefsAsync(light)).SequenceEqual(["/lamp"]));
        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.Any(s => s.Path == forgotten.Path)));
        await origin.UntilIdleAsync();
        Assert.Equal(2, target.Subscriptions.Count);
    }

    [Fact]
    public async Task One_that_is_only_silent_is_replaced_alone()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        var (ofAll, ofLight) = (target.OfAll, target.Of(light));
        // What others tell proves nothing of it.
        origin.Clock.Advance(TimeSpan.FromMinutes(40));
        await target.TellAsync(ofLight, "resources_published", TargetCloud.Links(light, "/light"));
        await origin.UntilIdleAsync();

        origin.Clock.Advance(TimeSpan.FromMinutes(30));

        await OriginCloud.UntilAsync(() => Task.FromResult(target.Subscriptions.Any(s => s.Path == ofAll.Path && s.Id != ofAll.Id)));
        await origin.UntilIdleAsync();
        Assert.Equal(ofLight.Id, target.Of(light).Id);
        Assert.Equal(2, target.Subscriptions.Count);
        Assert.Equal(HttpStatusCode.Gone, await target.TellAsync(ofAll, "devices_online", TargetCloud.Dis()));
        Assert.Equal(2, target.Requests.Count(r => r == "GET /api/v1/devices"));
    }

    [Fact]
    public async Task One_that_is_doubted_and_tells_something_stays()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        var held = Assert.Single(await origin.Get<AccountClaims>().ClaimAsync(1, new Dictionary<Guid, Guid>(), Ending));
        await origin.Get<AccountTurn>().RunAsync(held, Ending);
        var rows = origin.Get<SubscriptionRows>();
        var doubted = (await origin.RowsAsync()).Single(s => s.Level == SubscriptionLevel.Device);
        await origin.Store.WriteAsync((context, token) => rows.DoubtAsync(context, held, token), Ending);
        var asRead = (await origin.RowsAsync()).Single(s => s.Level == SubscriptionLevel.Device);
        Assert.Equal(RemoteSubscriptionState.Making, asRead.State);

        Assert.Equal(HttpStatusCode.OK, await target.TellAsync(target.Of(light), "resources_published", TargetCloud.Links(light, "/light")));
        Assert.Null(await origin.Store.WriteAsync((context, token) => rows.RemakeAsync(context, asRead, token), Ending));

        var row = (await origin.RowsAsync()).Single(s => s.Level == SubscriptionLevel.Device);
        Assert.Equal((doubted.Id, RemoteSubscriptionState.Live), (row.Id, row.State));
        Assert.Single(await origin.InboxAsync());
    }

    private static Task<EnsuredSubscription> NoteInterestAsync(OriginCloud origin, DeviceId light) =>
        origin.Subscriptions.EnsureAsync(origin.AccountId, light, "/light", Ending);
}
