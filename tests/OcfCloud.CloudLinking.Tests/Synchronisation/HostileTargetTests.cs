using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudLinking.EventReceiver;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Tests.Synchronisation.Support;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Tests.Synchronisation;

/// <summary>What a target may say that makes no sense, and how little comes of it.</summary>
public sealed class HostileTargetTests(SyncStores stores) : IClassFixture<SyncStores>
{
    private const string HalfAPair = """{"\ud800": 1}""";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("[" + HalfAPair + "]")]
    [InlineData("[{\"device\": {\"di\": \"\u00e4\"}}]")]
    public async Task A_list_that_is_no_text_is_a_failure_like_any_other(string latin1)
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        target.Instead = context => AnswerAsync(context, "GET", 200, latin1);

        await origin.LinkAsync(target);
        await OriginCloud.UntilAsync(async () => await origin.AccountAsync() is { WorkNode: null, Failures: 1 });

        Assert.EndsWith("answered something that is no list of devices.", (await origin.AccountAsync()).Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_to_a_subscription_that_is_no_text_is_a_failure_like_any_other()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        target.Instead = context => AnswerAsync(context, "POST", 201, HalfAPair);

        await origin.LinkAsync(target);
        await OriginCloud.UntilAsync(async () => await origin.AccountAsync() is { WorkNode: null, Failures: 1 });

        Assert.EndsWith("answered something that is no subscription.", (await origin.AccountAsync()).Trouble, StringComparison.Ordinal);
        // It waits for another try, and is asked by nobody.
        Assert.Equal(origin.Clock.GetUtcNow(), Assert.Single(await origin.RowsAsync()).MadeAt);
    }

    [Theory]
    [InlineData("[" + HalfAPair + "]")]
    [InlineData("[{\"href\": \"/light\", \"rt\": [\"\u00e4\"]}]")]
    public async Task Links_that_are_no_text_are_refused(string latin1)
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online", "/light");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();

        using var answer = await target.SendAsync(target.Of(light), "resources_published", 0, Encoding.Latin1.GetBytes(latin1), "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(["/light"], await origin.HrefsAsync(light));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task An_event_that_nothing_can_be_made_of_is_dropped_and_keeps_no_other_waiting(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider);
        var (origin, target) = world;
        var light = target.AddDevice("light", "online");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        var row = (await origin.RowsAsync()).Single(s => s.Level == SubscriptionLevel.Devices);
        target.Change(light, json => json["status"] = "offline");
        var lamp = target.AddDevice("lamp");

        // As if it had been confirmed by a version that knew it.
        await origin.Store.WriteAsync(
            (context, _) =>
            {
                context.Add(EventOf(row, 0, "devices_registered", "{}"));
                context.Add(EventOf(row, 1, "devices_offline", TargetCloud.Dis(light).ToJsonString()));
                return Task.CompletedTask;
            },
            Ending);
        origin.Get<AccountWork>().Set();

        await OriginCloud.UntilAsync(async () => (await origin.DevicesAsync()) is { Count: 2 } devices && devices.Any(d => d.Device == lamp) && devices.Any(d => !d.Online));
        await origin.UntilIdleAsync();
        Assert.Equal(2, target.Requests.Count(r => r == "GET /api/v1/devices"));
    }

    [Fact]
    public async Task A_bug_counts_as_a_failure_and_the_user_is_told()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        target.AddDevice();
        origin.Calls.IsBroken = true;

        await origin.LinkAsync(target);
        await OriginCloud.UntilAsync(async () => await origin.AccountAsync() is { WorkNode: null, Failures: 1 });

        var account = await origin.AccountAsync();
        Assert.StartsWith("This cloud failed at the devices of ", account.Trouble, StringComparison.Ordinal);
        Assert.InRange(account.DueAt!.Value - origin.Clock.GetUtcNow(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        origin.Calls.IsBroken = false;
        origin.Clock.Advance(TimeSpan.FromMinutes(2));
        await origin.UntilIdleAsync();
        Assert.Null((await origin.AccountAsync()).Trouble);
        Assert.Single(await origin.DevicesAsync());
    }

    [Fact]
    public async Task A_device_that_is_told_in_a_way_that_cannot_be_read_is_not_gone()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite);
        var (origin, target) = world;
        var (light, lamp) = (target.AddDevice("light"), target.AddDevice("lamp"));
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        target.Change(light, json => json["status"] = "sleeping");
        target.RemoveDevice(lamp);
        target.AddDevice("fan");

        await RetrieveAsync(origin);

        Assert.Equal(["fan", "light"], (await origin.DevicesAsync()).Select(d => d.Name).Order());
        Assert.Equal(light, (await origin.DevicesAsync()).Single(d => d.Name == "light").Device);
    }

    [Fact]
    public async Task Of_too_many_devices_those_stay_that_are_mirrored_and_events_bring_no_more()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, configure: options => options.MaxDevices = 3);
        var (origin, target) = world;
        for (var i = 0; i < 3; i++) target.AddDevice("kept");
        await origin.LinkAsync(target);
        await origin.UntilIdleAsync();
        var more = Enumerable.Range(0, 4).Select(_ => target.AddDevice("more")).ToArray();

        await target.TellAsync(target.OfAll, "devices_registered", TargetCloud.Dis(more[0]));
        await origin.UntilIdleAsync();
        Assert.All(await origin.DevicesAsync(), device => Assert.Equal("kept", device.Name));
        await RetrieveAsync(origin);

        Assert.Equal(["kept", "kept", "kept"], (await origin.DevicesAsync()).Select(d => d.Name));
        Assert.DoesNotContain(target.Requests, r => r == $"GET /api/v1/devices/{more[0]}");
    }

    private static async Task RetrieveAsync(OriginCloud origin)
    {
        await origin.ChangeAsync(account => (account.NeedsRetrieval, account.DueAt) = (true, origin.Clock.GetUtcNow()));
        await origin.UntilIdleAsync();
    }

    private static InboxEvent EventOf(RemoteSubscription row, long number, string eventType, string body) => new()
    {
        RemoteSubscriptionId = row.Id,
        SequenceNumber = number,
        AccountId = row.AccountId,
        EventType = eventType,
        ContentType = "application/json",
        Body = Encoding.UTF8.GetBytes(body),
    };

    private static async Task<bool> AnswerAsync(HttpContext context, string method, int status, string latin1)
    {
        if (context.Request.Method != method) return false;
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/json");
        await context.Response.Body.WriteAsync(Encoding.Latin1.GetBytes(latin1));
        return true;
    }
}
