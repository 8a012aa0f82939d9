using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.CloudLinking.Tests.Synchronisation.Support;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Tests.EventReceiver;

/// <summary>What the event receiver answers, and what it keeps.</summary>
public sealed class EventReceiverTests(SyncStores stores) : IClassFixture<SyncStores>
{
    private static readonly byte[] None = Encoding.UTF8.GetBytes("[]");

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task An_event_is_kept_before_it_is_confirmed(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider, works: false);
        var there = await SubscribedAsync(world);

        Assert.Equal(HttpStatusCode.OK, await world.Target.TellAsync(there, "devices_registered", TargetCloud.Dis(DeviceId.New())));

        var kept = Assert.Single(await world.Origin.InboxAsync());
        Assert.Equal(("devices_registered", "application/json", 0L), (kept.EventType, kept.ContentType, kept.SequenceNumber));
        var row = Assert.Single(await world.Origin.RowsAsync());
        Assert.Equal((1L, world.Origin.Clock.GetUtcNow()), (row.NextSequence, row.LastEventAt));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_repeat_is_confirmed_and_ignored_however_many_come_at_once(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider, works: false);
        var there = await SubscribedAsync(world);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => SendAsync(world, there, i / 10)));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.InRange((await world.Origin.InboxAsync()).Count, 1, 2);
        Assert.Equal(2, Assert.Single(await world.Origin.RowsAsync()).NextSequence);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(world, there, 0));
        Assert.Equal(2, Assert.Single(await world.Origin.RowsAsync()).NextSequence);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_gap_is_confirmed_and_flagged(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider, works: false);
        var there = await SubscribedAsync(world);
        await SendAsync(world, there, 0);
        Assert.False((await world.Origin.AccountAsync()).NeedsRetrieval);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(world, there, 2));

        var account = await world.Origin.AccountAsync();
        Assert.True(account.NeedsRetrieval);
        Assert.Equal(world.Origin.Clock.GetUtcNow(), account.DueAt);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(world, there, 1));
        Assert.Equal([0L, 2L], (await world.Origin.InboxAsync()).Select(e => e.SequenceNumber));
    }

    [Theory]
    [InlineData("Event-Signature", "0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("Event-Signature", "72")]
    [InlineData("Event-Signature", null)]
    [InlineData("Event-Type", null)]
    [InlineData("Event-Type", "devices_offline")]
    [InlineData("Subscription-ID", null)]
    [InlineData("Sequence-Number", null)]
    [InlineData("Sequence-Number", "1")]
    [InlineData("Sequence-Number", "-1")]
    [InlineData("Sequence-Number", "99999999999999999999")]
    [InlineData("Event-Timestamp", null)]
    [InlineData("Event-Timestamp", "1")]
    [InlineData("Event-Timestamp", "x")]
    [InlineData("Content-Type", "application/vnd.ocf+cbor")]
    public Task A_header_that_was_changed_or_taken_away_is_refused(string header, string? value) => RefusedAsync(header, value, HttpStatusCode.BadRequest);

    // Two of them are there where an answer was lost: the other cloud ends the one that nobody knows.
    [Fact]
    public Task A_subscription_that_is_none_of_this_address_is_ended() => RefusedAsync("Subscription-ID", "another", HttpStatusCode.Gone);

    private async Task RefusedAsync(string header, string? value, HttpStatusCode status)
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false);
        var there = await SubscribedAsync(world);

        using var answer = await world.Target.SendAsync(there, "devices_online", 0, None, "application/json", change: request =>
        {
            var headers = header == "Content-Type" ? (System.Net.Http.Headers.HttpHeaders)request.Content!.Headers : request.Headers;
            headers.Remove(header);
            if (value is not null) headers.TryAddWithoutValidation(header, value);
        });

        Assert.Equal(status, answer.StatusCode);
        Assert.Empty(await world.Origin.InboxAsync());
        Assert.Equal(0, Assert.Single(await world.Origin.RowsAsync()).NextSequence);
    }

    [Theory]
    [InlineData("devices_online", "{}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("devices_online", "[", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("devices_online", "[]", "text/plain", HttpStatusCode.BadRequest)]
    [InlineData("devices_online", "[]", null, HttpStatusCode.BadRequest)]
    [InlineData("devices_online", "", null, HttpStatusCode.BadRequest)]
    [InlineData("devices_online", "[]", "Application/JSON; charset=\"utf-8\"", HttpStatusCode.OK)]
    [InlineData("devices_online", "\u0080", "application/vnd.ocf+cbor", HttpStatusCode.OK)]
    [InlineData("subscription_cancelled", "", null, HttpStatusCode.OK)]
    [InlineData("subscription_cancelled", "whatever", "text/plain", HttpStatusCode.OK)]
    [InlineData("resources_published", "[]", "application/json", HttpStatusCode.OK)]
    [InlineData("something_new", "x", "text/plain", HttpStatusCode.OK)]
    public async Task A_rightly_signed_body_has_to_be_what_its_type_says(string eventType, string body, string? contentType, HttpStatusCode expected)
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false);
        var there = await SubscribedAsync(world);

        using var answer = await world.Target.SendAsync(there, eventType, 0, Encoding.Latin1.GetBytes(body), contentType);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData(5 * 60, HttpStatusCode.OK)]
    [InlineData((5 * 60) + 1, HttpStatusCode.BadRequest)]
    [InlineData(-7 * 24 * 3600, HttpStatusCode.OK)]
    [InlineData((-7 * 24 * 3600) - 1, HttpStatusCode.BadRequest)]
    public async Task An_event_from_outside_of_the_window_is_refused(int seconds, HttpStatusCode expected)
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false);
        var there = await SubscribedAsync(world);

        using var answer = await world.Target.SendAsync(
            there, "devices_online", 0, None, "application/json", world.Origin.Clock.GetUtcNow() + TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task The_vector_of_the_notes_is_accepted()
    {
        var clock = new SyncClock(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false, clock: clock);
        await world.Origin.LinkAsync(world.Target, isDue: false);
        var id = Guid.NewGuid();
        await AddRowAsync(world.Origin, id, "3BZ6oI9xbRJzOUvUoRb5RgaZjPqHrmql", RemoteSubscriptionState.Live, nextSequence: 3);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{world.Origin.Url}/events/v1/{id}");
        request.Headers.Add("Event-Type", "subscription_cancelled");
        request.Headers.Add("Subscription-ID", "1eeb465c-5e8d-4305-a366-bbf035fff671");
        request.Headers.Add("Sequence-Number", "3");
        request.Headers.Add("Event-Timestamp", "1700000000");
        request.Headers.Add("Event-Signature", "140AE4684f6331e770838e857cb40dc984ec7e6e075a4869034a465173f6fc8a");

        using var answer = await http.SendAsync(request, Ending);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Events_of_nobody_s_subscription_are_gone_whatever_they_say()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false);
        var there = await SubscribedAsync(world);
        using var http = new HttpClient();

        foreach (var id in new[] { Guid.NewGuid().ToString(), "x", Guid.NewGuid().ToString("N") })
        {
            using var empty = new ByteArrayContent([]);
            using var answer = await http.PostAsync($"{world.Origin.Url}/events/v1/{id}", empty, Ending);
            Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        }
        await world.Origin.ChangeAsync(account => account.State = AccountState.Unlinking);
        Assert.Equal(HttpStatusCode.Gone, await SendAsync(world, there, 0));
        await world.Origin.ChangeAsync(account => account.State = AccountState.NeedsLinking);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(world, there, 0));
        await world.Origin.Store.WriteAsync(
            (context, token) => context.Set<RemoteSubscription>().ExecuteUpdateAsync(row => row.SetProperty(s => s.State, RemoteSubscriptionState.Ending), token), Ending);
        Assert.Equal(HttpStatusCode.Gone, await SendAsync(world, there, 1));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Over_the_bound_of_the_inbox_the_sender_is_asked_to_come_later(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider, works: false, configure: options => (options.MaxInboxEvents, options.MaxInboxBytes) = (2, 100));
        var there = await SubscribedAsync(world);
        await SendAsync(world, there, 0);
        await SendAsync(world, there, 1);

        using (var full = await world.Target.SendAsync(there, "devices_online", 2, None, "application/json"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, full.StatusCode);
            Assert.NotNull(full.Headers.RetryAfter);
        }
        Assert.Equal(HttpStatusCode.OK, await SendAsync(world, there, 1));

        await world.Origin.Store.WriteAsync((context, token) => context.Set<CloudLinking.EventReceiver.InboxEvent>().ExecuteDeleteAsync(token), Ending);
        using (var large = await world.Target.SendAsync(there, "devices_online", 2, Encoding.UTF8.GetBytes("[" + new string(' ', 100) + "]"), "application/json"))
            Assert.Equal(HttpStatusCode.OK, large.StatusCode);
        using (var more = await world.Target.SendAsync(there, "devices_online", 3, None, "application/json"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, more.StatusCode);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Events_that_come_at_once_are_counted_together(StoreProvider provider)
    {
        await using var world = await World.StartAsync(stores, provider, works: false, configure: options => options.MaxInboxEvents = 3);
        var all = new List<TargetSubscription>();
        await world.Origin.LinkAsync(world.Target, isDue: false);
        for (var i = 0; i < 12; i++) all.Add(await AddSubscriptionAsync(world));

        var answers = await Task.WhenAll(all.Select(there => SendAsync(world, there, 0)));

        Assert.Equal(3, answers.Count(answer => answer == HttpStatusCode.OK));
        Assert.Equal(9, answers.Count(answer => answer == HttpStatusCode.ServiceUnavailable));
        Assert.Equal(3, (await world.Origin.InboxAsync()).Count);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using var world = await World.StartAsync(stores, StoreProvider.Sqlite, works: false, configure: options => options.MaxEventSize = 1_000);
        var there = await SubscribedAsync(world);

        using var announced = await world.Target.SendAsync(there, "devices_online", 0, new byte[1_001], "application/json");
        using var chunked = await world.Target.SendAsync(
            there, "devices_online", 0, new byte[1_001], "application/json", change: request => request.Headers.TransferEncodingChunked = true);

        Assert.Equal([HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge], [announced.StatusCode, chunked.StatusCode]);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_503()
    {
        var clock = new SyncClock();
        await using var target = await TargetCloud.StartAsync(clock);
        var origin = await OriginCloud.StartAsync(
            services => OcfCloud.Storage.PostgreSql.PostgreSqlStoreServices.AddPostgreSqlStore(
                services, "Host=127.0.0.1;Port=1;Username=nobody;Database=none;Timeout=5", Path.GetTempPath()),
            clock,
            works: false);
        using var http = new HttpClient();
        using var empty = new ByteArrayContent([]);

        using var answer = await http.PostAsync($"{origin.Url}/events/v1/{Guid.NewGuid()}", empty, Ending);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
        await origin.StopAsync();
    }

    private static async Task<TargetSubscription> SubscribedAsync(World world)
    {
        await world.Origin.LinkAsync(world.Target, isDue: false);
        return await AddSubscriptionAsync(world);
    }

    private static async Task<TargetSubscription> AddSubscriptionAsync(World world)
    {
        var id = Guid.NewGuid();
        var there = new TargetSubscription
        {
            Id = Guid.NewGuid().ToString(),
            Path = "/api/v1/devices/subscriptions",
            EventsUrl = $"{world.Origin.Url}/events/v1/{id}",
            EventTypes = [],
            Secret = new string('s', 32),
        };
        await AddRowAsync(world.Origin, id, there.Secret, RemoteSubscriptionState.Live, subscriptionId: there.Id);
        return there;
    }

    private static Task AddRowAsync(
        OriginCloud origin, Guid id, string secret, RemoteSubscriptionState state, string? subscriptionId = null, long nextSequence = 0) => origin.Store.WriteAsync(
        (context, _) =>
        {
            context.Add(new RemoteSubscription
            {
                Id = id,
                AccountId = origin.AccountId,
                Level = SubscriptionLevel.Devices,
                SubscriptionId = subscriptionId,
                SigningSecret = origin.Get<SealedSecrets>().Seal(SecretPurpose.SigningSecret, secret),
                State = state,
                NextSequence = nextSequence,
                MadeAt = origin.Clock.GetUtcNow(),
            });
            return Task.CompletedTask;
        },
        Ending);

    private static async Task<HttpStatusCode> SendAsync(World world, TargetSubscription there, long number)
    {
        using var answer = await world.Target.SendAsync(there, "devices_online", number, None, "application/json");
        return answer.StatusCode;
    }
}
