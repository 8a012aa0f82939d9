using Microsoft.Extensions.DependencyInjection;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Requests;
using OcfCloud.Core.Storage;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.CloudLinking.Tests.RemoteRequests;

/// <summary>cloud-to-cloud.md, 2: observations of clients become subscriptions at the other cloud.</summary>
public sealed class MirroredObservationsTests(PostgreSqlFixture postgreSql) : IDisposable
{
    private readonly List<string> _folders = [];
    private readonly UserId _user = UserId.New();
    private readonly DeviceId _lamp = new(Guid.NewGuid());

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task What_the_other_cloud_tells_follows_the_first_value_in_the_client_s_format(StoreProvider store)
    {
        await using var node = await StartAsync(store);
        var lamp = await node.MirrorAsync(_user, _lamp, "/light");
        await node.TellAsync(lamp, "/light", 9);

        var (observation, values) = await node.ObserveAsync(lamp, "/light");
        Assert.Equal("ensure /light", await ObservingNode.NextAsync(node.Subscriptions.Reader));
        // The same as the client knows: nothing to tell.
        await node.TellAsync(lamp, "/light", 0);
        await node.TellAsync(lamp, "/light", 1);
        Assert.Equal("""{"v":1}""", await ObservingNode.NextTextAsync(values));
        await node.TellAsync(lamp, "/other", 7);
        await node.TellAsync(lamp, "/light", 2);
        var last = await ObservingNode.NextAsync(values);

        Assert.Equal("""{"v":0}"""u8.ToArray(), observation.First.Payload.ToArray());
        Assert.Equal((205, 50), (last.Code, last.ContentFormat));
        Assert.Equal("""{"v":2}"""u8.ToArray(), last.Payload.ToArray());
        Assert.Single(node.Gets);
    }

    [Fact]
    public async Task One_subscription_serves_all_observers_and_ends_with_the_last()
    {
        await using var node = await StartAsync(StoreProvider.Sqlite);
        var lamp = await node.MirrorAsync(_user, _lamp, "/light");

        var (first, firstValues) = await node.ObserveAsync(lamp, "/light");
        var (second, secondValues) = await node.ObserveAsync(lamp, "/light");
        await node.TellAsync(lamp, "/light", 1);
        Assert.Equal("""{"v":1}""", await ObservingNode.NextTextAsync(firstValues));
        Assert.Equal("""{"v":1}""", await ObservingNode.NextTextAsync(secondValues));
        first.Registration!.Dispose();
        await node.TellAsync(lamp, "/light", 2);
        Assert.Equal("""{"v":2}""", await ObservingNode.NextTextAsync(secondValues));
        Assert.False(firstValues.TryRead(out _));
        second.Registration!.Dispose();
        // The next one begins when the last has ended.
        await node.ObserveAsync(lamp, "/light");

        Assert.Equal("ensure /light", await ObservingNode.NextAsync(node.Subscriptions.Reader));
        Assert.Equal("end /light", await ObservingNode.NextAsync(node.Subscriptions.Reader));
        Assert.Equal("ensure /light", await ObservingNode.NextAsync(node.Subscriptions.Reader));
    }

    [Fact]
    public async Task Observers_on_every_node_hear_of_a_change()
    {
        postgreSql.Require();
        var database = await postgreSql.CreateMigratedDatabaseAsync();
        await using var one = await ObservingNode.StartAsync(services => services.AddPostgreSqlStore(database, NewFolder()));
        await using var two = await ObservingNode.StartAsync(services => services.AddPostgreSqlStore(database, NewFolder()));
        var lamp = await one.MirrorAsync(_user, _lamp, "/light");
        var (_, atOne) = await one.ObserveAsync(lamp, "/light");
        var (_, atTwo) = await two.ObserveAsync(lamp, "/light");

        for (byte number = 1; number < 4; number++)
        {
            await (number % 2 == 0 ? one : two).TellAsync(lamp, "/light", number);
            Assert.Equal($$"""{"v":{{number}}}""", await ObservingNode.NextTextAsync(atOne));
            Assert.Equal($$"""{"v":{{number}}}""", await ObservingNode.NextTextAsync(atTwo));
        }
    }

    [Fact]
    public async Task A_request_with_a_query_is_asked_anew_at_each_change_once_for_all()
    {
        await using var node = await StartAsync(StoreProvider.Sqlite);
        var lamp = await node.MirrorAsync(_user, _lamp, "/light");
        var (_, first) = await node.ObserveAsync(lamp, "/light", "if=oic.if.baseline");
        var (_, second) = await node.ObserveAsync(lamp, "/light", "if=oic.if.baseline");
        node.Answers = _ => ObservingNode.Value("""{"rt":["x"],"v":1}""");
        node.Gets.Clear();

        await node.TellAsync(lamp, "/light", 1);

        Assert.Equal("""{"rt":["x"],"v":1}""", await ObservingNode.NextTextAsync(first));
        Assert.Equal("""{"rt":["x"],"v":1}""", await ObservingNode.NextTextAsync(second));
        Assert.Equal(["if=oic.if.baseline"], Assert.Single(node.Gets).Query);
    }

    [Fact]
    public async Task A_cloud_without_events_is_asked_at_the_poll_interval()
    {
        await using var node = await StartAsync(StoreProvider.Sqlite, new CloudLinkingOptions { PollInterval = TimeSpan.FromMilliseconds(50) });
        var lamp = await node.MirrorAsync(_user, _lamp, "/light");
        node.Outcome = EnsureOutcome.NoEvents;
        var (_, values) = await node.ObserveAsync(lamp, "/light");

        node.Answers = _ => ObservingNode.Value("""{"v":1}""");
        Assert.Equal("""{"v":1}""", await ObservingNode.NextTextAsync(values));
        node.Answers = _ => new DeviceAnswer(DeviceOutcome.Answered) { Code = 404, Diagnostic = "gone" };
        Assert.Equal(404, (await ObservingNode.NextAsync(values)).Code);
        await EndedAsync(node);
    }

    [Fact]
    public async Task A_poll_that_fails_by_the_cloud_is_tried_again()
    {
        var options = new CloudLinkingOptions { PollInterval = TimeSpan.FromMilliseconds(50), ObservationRetry = TimeSpan.FromMilliseconds(20) };
        await using var node = await StartAsync(StoreProvider.Sqlite, options);
        var lamp = await node.MirrorAsync(_user, _lamp, "/light");
        node.Outcome = EnsureOutcome.Pending;
        var (_, values) = await node.ObserveAsync(lamp, "/light");
        var failures = 0;

        node.Answers = _ => Interlocked.Increment(ref failures) < 4 ? new DeviceAnswer(DeviceOutcome.Answered) { Code = 504 } : ObservingNode.Value("""{"v":1}""");

        Assert.Equal("""{"v":1}""", await ObservingNode.NextTextAsync(values));
    }

    [Fact]
    public async Task The_interest_is_said_again_as_long_as_somebody_observes()
    {
        await using var node = await StartAsync(StoreProvider.Sqlite, new CloudLinkingOptions { InterestTime = TimeSpan.FromMilliseconds(90) });
        var lamp = await node.MirrorAsync(_user, _lamp, "/light");
        await node.ObserveAsync(lamp, "/light");
        await node.ObserveAsync(lamp, "/fan");
        string[] ensured = [await ObservingNode.NextAsync(node.Subscriptions.Reader), await ObservingNode.NextAsync(node.Subscriptions.Reader)];
        Assert.Equal(["ensure /fan", "ensure /light"], ensured.Order(StringComparer.Ordinal));

        // At once for all.
        while (await ObservingNode.NextAsync(node.Renewals.Reader) < 2)
        {
            // The second was not there yet.
        }

        for (var i = 0; i < 3; i++) Assert.Equal(2, await ObservingNode.NextAsync(node.Renewals.Reader));
        Assert.False(node.Subscriptions.Reader.TryRead(out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_resource_without_events_is_asked_for_them_seldom_however_often_it_is_polled(bool hasEvents)
    {
        var options = new CloudLinkingOptions { PollInterval = TimeSpan.FromMilliseconds(20), InterestTime = TimeSpan.FromMilliseconds(60) };
        await using var node = await StartAsync(StoreProvider.Sqlite, options);
        var lamp = await node.MirrorAsync(_user, _lamp, "/light");
        node.Outcome = hasEvents ? EnsureOutcome.UnknownTarget : EnsureOutcome.NoEvents;
        var number = 0;
        node.Answers = _ => ObservingNode.Value($$"""{"v":{{Interlocked.Increment(ref number)}}}""");
        var (_, values) = await node.ObserveAsync(lamp, "/light");
        Assert.Equal("ensure /light", await ObservingNode.NextAsync(node.Subscriptions.Reader));

        for (var i = 0; i < 10; i++) await ObservingNode.NextAsync(values);
        Assert.False(node.Subscriptions.Reader.TryRead(out _));

        // Whatever happens to an account of that user may have changed it.
        var other = Guid.NewGuid();
        await node.WriteAsync((mirrors, context, token) => mirrors.PutAsync(context, _user, other, [new MirroredContent(DeviceId.New(), "fan", ["oic.d.fan"], true, [])], token));
        await node.WriteAsync((mirrors, context, token) => mirrors.RemoveAllAsync(context, _user, other, token));
        Assert.Equal("ensure /light", await ObservingNode.NextAsync(node.Subscriptions.Reader));
    }

    [Fact]
    public async Task An_error_at_the_first_request_is_a_plain_answer()
    {
        await using var node = await StartAsync(StoreProvider.Sqlite);
        var lamp = await node.MirrorAsync(_user, _lamp, "/light");
        node.Answers = _ => new DeviceAnswer(DeviceOutcome.Answered) { Code = 403 };

        var (observation, _) = await node.ObserveAsync(lamp, "/light");

        Assert.Equal(403, observation.First.Code);
        Assert.Null(observation.Registration);
    }

    [Fact]
    public async Task An_account_that_has_to_be_linked_again_ends_it()
    {
        await using var node = await StartAsync(StoreProvider.Sqlite, new CloudLinkingOptions { InterestTime = TimeSpan.FromMilliseconds(90) });
        var lamp = await node.MirrorAsync(_user, _lamp, "/light");
        var (_, values) = await node.ObserveAsync(lamp, "/light");

        node.Outcome = EnsureOutcome.NoAccount;
        var last = await ObservingNode.NextAsync(values);

        Assert.Equal(502, last.Code);
        Assert.Contains("link the account again", last.Diagnostic, StringComparison.Ordinal);
        await EndedAsync(node);
    }

    [Fact]
    public async Task A_device_that_goes_and_a_link_that_goes_end_it()
    {
        await using var node = await StartAsync(StoreProvider.Sqlite);
        var lamp = await node.MirrorAsync(_user, _lamp, "/light", "/fan");
        var (_, ofFan) = await node.ObserveAsync(lamp, "/fan");
        var (_, ofLight) = await node.ObserveAsync(lamp, "/light");
        var (_, ofUnpublished) = await node.ObserveAsync(lamp, "/oic/d");

        await node.MirrorAsync(_user, _lamp, "/light");
        Assert.Equal(503, (await ObservingNode.NextAsync(ofFan)).Code);
        Assert.False(ofLight.TryRead(out _));
        await node.WriteAsync((mirrors, context, token) => mirrors.RemoveAsync(context, _user, ObservingNode.Cloud, [_lamp], token));

        Assert.Equal(503, (await ObservingNode.NextAsync(ofLight)).Code);
        Assert.Equal(503, (await ObservingNode.NextAsync(ofUnpublished)).Code);
    }

    [Fact]
    public async Task A_device_that_registers_here_is_not_observed_elsewhere_any_more()
    {
        await using var node = await StartAsync(StoreProvider.Sqlite);
        var lamp = await node.MirrorAsync(_user, _lamp, "/light");
        var (_, values) = await node.ObserveAsync(lamp, "/light");

        await node.RegisterAsync(_user, _lamp);

        Assert.Equal(503, (await ObservingNode.NextAsync(values)).Code);
    }

    private static async Task EndedAsync(ObservingNode node)
    {
        while (await ObservingNode.NextAsync(node.Subscriptions.Reader) != "end /light")
        {
            // The interest was said again before.
        }
    }

    private async Task<ObservingNode> StartAsync(StoreProvider store, CloudLinkingOptions? options = null)
    {
        if (store == StoreProvider.Sqlite) return await ObservingNode.StartAsync(services => services.AddSqliteStore(NewFolder()), options);
        postgreSql.Require();
        var database = await postgreSql.CreateMigratedDatabaseAsync();
        return await ObservingNode.StartAsync(services => services.AddPostgreSqlStore(database, NewFolder()), options);
    }

    private string NewFolder()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("ocfcloud-test-").FullName;
        _folders.Add(folder);
        return folder;
    }

    public void Dispose()
    {
        foreach (var folder in _folders) System.IO.Directory.Delete(folder, recursive: true);
    }
}
