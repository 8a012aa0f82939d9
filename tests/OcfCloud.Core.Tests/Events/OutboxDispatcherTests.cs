using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;
using OcfCloud.Storage.PostgreSql;

namespace OcfCloud.Core.Tests.Events;

/// <summary>architecture.md, One dispatcher and Hints.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The nodes are the stores'.")]
public sealed class OutboxDispatcherTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_was_committed_is_told_in_order_and_removed(StoreProvider provider)
    {
        var (node, _) = await OnNewStoreAsync(provider);
        // Some wait already when it starts.
        var device = await node.RegisterAsync();
        using var hints = new HintRecorder(node.Get<IHints>());
        await using var dispatching = await RunAsync(DispatcherOf(node));
        var session = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        await node.PublishAsync(device, "/a");
        await node.Accounts.RemoveAsync(device.Id, null, Ending);

        var heard = await hints.UntilAsync(EventKind.DeviceUnregistered);

        Assert.Equal(
            [EventKind.DeviceRegistered, EventKind.DeviceOnline, EventKind.ResourcesPublished, EventKind.ResourcesUnpublished, EventKind.DeviceUnregistered],
            heard.Select(h => h.Kind));
        Assert.All(heard, h => Assert.Equal((device.User, device.Id), (h.User, h.Device)));
        Assert.Equal(session, heard[1].Session);
        Assert.True(heard[^1].Session > session);
        Assert.Empty(await node.EventsAsync(device.User));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_another_process_wrote_is_found_soon(StoreProvider provider)
    {
        var (node, command) = await OnNewStoreAsync(provider);
        var device = await node.RegisterAsync();
        using var hints = new HintRecorder(node.Get<IHints>());
        await using var dispatching = await RunAsync(DispatcherOf(node));
        await hints.UntilAsync(EventKind.DeviceRegistered);

        await command.Accounts.RemoveAsync(device.Id, null, Ending);

        await hints.UntilAsync(EventKind.DeviceUnregistered);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task More_than_a_batch_is_taken_whole_and_in_order(StoreProvider provider)
    {
        var (node, _) = await OnNewStoreAsync(provider);
        var user = UserId.New();
        await node.Store.WriteAsync(
            async (context, token) =>
            {
                await context.LockUserAsync(user, token);
                for (var i = 1; i <= 700; i++) node.Get<Outbox>().Add(context, EventKind.AccessRulesChanged, user, session: i);
            },
            Ending);
        using var hints = new HintRecorder(node.Get<IHints>());
        await using var dispatching = await RunAsync(DispatcherOf(node));

        var heard = await hints.UntilAsync(all => all.Count >= 700);

        Assert.Equal(Enumerable.Range(1, 700), heard.Select(h => (int)h.Session));
    }

    [Fact]
    public async Task Of_two_nodes_one_dispatches_and_both_hear()
    {
        var (here, there) = await OnNewStoreAsync(StoreProvider.PostgreSql);
        using var heardHere = new HintRecorder(here.Get<IHints>());
        using var heardThere = new HintRecorder(there.Get<IHints>());
        await using var listening = await ListenAsync(there, heardThere);
        await using var listeningHere = await ListenAsync(here, heardHere);
        await using var first = await RunAsync(DispatcherOf(here));
        await using var second = await RunAsync(DispatcherOf(there));

        var devices = new List<RegisteredDevice>();
        for (var i = 0; i < 10; i++) devices.Add(await (i % 2 == 0 ? here : there).RegisterAsync());
        foreach (var device in devices) await there.PublishAsync(device, "/a");

        // Told once on each node: the dispatcher's own notifications come back to it and are not told twice.
        foreach (var hints in new[] { heardHere, heardThere })
        {
            await hints.UntilAsync(all => all.Count(h => h.Kind == EventKind.ResourcesPublished) >= 10);
            Assert.Equal(20, hints.All.Count(h => !h.IsEverything));
        }
        Assert.Equal(0, await here.Store.ReadAsync((context, token) => context.Set<OutboxRow>().CountAsync(token), Ending));
    }

    [Fact]
    public async Task When_the_dispatcher_stops_or_loses_its_connection_another_node_takes_over()
    {
        var (here, there) = await OnNewStoreAsync(StoreProvider.PostgreSql);
        using var heardThere = new HintRecorder(there.Get<IHints>());
        var lane = here.Get<IOutboxLane>();
        var other = there.Get<IOutboxLane>();
        Assert.True(await lane.TryEnterAsync(Ending));
        Assert.True(await lane.TryEnterAsync(Ending));
        Assert.False(await other.TryEnterAsync(Ending));
        await lane.LeaveAsync();
        Assert.True(await other.TryEnterAsync(Ending));
        Assert.False(await lane.TryEnterAsync(Ending));

        await ExecuteAsync(
            there,
            """
            SELECT pg_terminate_backend(a.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
            WHERE l.locktype = 'advisory' AND a.datname = current_database()
            """);
        await Assert.ThrowsAnyAsync<Exception>(() => other.InTransactionAsync((context, token) => context.Set<OutboxRow>().CountAsync(token), Ending));
        await other.LeaveAsync();
        // A session that is terminated tells its client first, and lets its locks go after that.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await lane.TryEnterAsync(deadline.Token)) await Task.Yield();
        await lane.LeaveAsync();
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task After_trouble_and_not_before_its_end_the_dispatcher_says_that_everything_changed_and_goes_on(StoreProvider provider)
    {
        var (node, _) = await OnNewStoreAsync(provider);
        using var hints = new HintRecorder(node.Get<IHints>());
        await using var dispatching = await RunAsync(DispatcherOf(node));
        await node.RegisterAsync();
        await hints.UntilAsync(EventKind.DeviceRegistered);

        await ExecuteAsync(node, "ALTER TABLE outbox RENAME TO outbox_away");
        node.Get<OutboxSignal>().Set();
        await node.Log.UntilAsync("Dispatching events was interrupted", times: 3);
        Assert.DoesNotContain(hints.All, h => h.IsEverything);
        await ExecuteAsync(node, "ALTER TABLE outbox_away RENAME TO outbox");
        await hints.UntilAsync(EventKind.EverythingChanged);
        hints.Forget();
        await node.RegisterAsync();

        await hints.UntilAsync(EventKind.DeviceRegistered);
    }

    [Fact]
    public async Task A_lost_LISTEN_connection_means_that_everything_changed_and_is_opened_again()
    {
        var (here, there) = await OnNewStoreAsync(StoreProvider.PostgreSql);
        using var heardThere = new HintRecorder(there.Get<IHints>());
        await using var listening = await ListenAsync(there, heardThere);
        await using var dispatching = await RunAsync(DispatcherOf(here));

        await ExecuteAsync(here, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN ocfcloud_hints' AND datname = current_database()");

        await heardThere.UntilAsync(EventKind.EverythingChanged);
        await here.RegisterAsync();
        await heardThere.UntilAsync(EventKind.DeviceRegistered);
    }

    [Theory, InlineData(60, false), InlineData(0, true)]
    public async Task A_node_that_cannot_hear_goes_on_with_what_it_knows_but_not_for_ever(int seconds, bool isDistrusted)
    {
        var (_, there) = await OnNewStoreAsync(StoreProvider.PostgreSql);
        using var heard = new HintRecorder(there.Get<IHints>());
        var options = new OutboxOptions { RetryPeriod = TimeSpan.FromMilliseconds(20), TrustWithoutHints = TimeSpan.FromSeconds(seconds) };
        await using var listening = await RunAsync(ActivatorUtilities.CreateInstance<HintListener>(there.Services, options));
        await heard.UntilAsync(EventKind.EverythingChanged);
        heard.Forget();

        await RefuseConnectionsAsync(there);
        await there.Log.UntilAsync("hears of other nodes", times: 4);

        // Once an outage, however often it is tried in it.
        Assert.Equal(isDistrusted ? 1 : 0, heard.All.Count(h => h.IsEverything));
    }

    [Fact]
    public async Task A_removal_while_nobody_listened_ends_the_session_on_the_other_node()
    {
        var (here, there) = await OnNewStoreAsync(StoreProvider.PostgreSql);
        using var heardThere = new HintRecorder(there.Get<IHints>());
        var device = await here.RegisterAsync();
        var session = await there.SignInAsync(device);
        await there.Online.FlushAsync(Ending);
        await there.Online.StartAsync(Ending);
        await using var dispatching = await RunAsync(DispatcherOf(here));
        await here.Accounts.RemoveAsync(device.Id, null, Ending);
        await UntilEmptyAsync(here);

        await using var listening = await RunAsync(ActivatorUtilities.CreateInstance<HintListener>(there.Services));

        var hint = (await heardThere.UntilAsync(EventKind.SessionRevoked)).First(h => h.Kind == EventKind.SessionRevoked);
        Assert.Equal((device.Id, session), (hint.Device, hint.Session));
        await there.Online.StopAsync(Ending);
    }

    [Fact]
    public async Task Changed_access_rules_reach_the_cache_of_the_other_node()
    {
        var (here, there) = await OnNewStoreAsync(StoreProvider.PostgreSql);
        // Before the recorder: what is heard is heard by the cache then.
        var cache = there.Get<AccessRuleCache>();
        using var heardThere = new HintRecorder(there.Get<IHints>());
        await using var listening = await ListenAsync(there, heardThere);
        await using var dispatching = await RunAsync(DispatcherOf(here));
        var user = UserId.New();
        Assert.True((await cache.GetAsync(user, Ending)).IsEmpty);
        Assert.True(AccessRule.TryCreate("app", "*", "*", AccessOperations.Retrieve, out var rule));

        await here.Get<AccessRuleStore>().ReplaceAsync(user, [rule], Ending);
        await heardThere.UntilAsync(EventKind.AccessRulesChanged);

        Assert.False((await cache.GetAsync(user, Ending)).IsEmpty);
    }

    private static OutboxDispatcher DispatcherOf(CloudNode node) => ActivatorUtilities.CreateInstance<OutboxDispatcher>(node.Services);

    private static async Task<IAsyncDisposable> RunAsync(BackgroundService service)
    {
        await service.StartAsync(Ending);
        return new Running(service);
    }

    private static async Task<IAsyncDisposable> ListenAsync(CloudNode node, HintRecorder hints)
    {
        var running = await RunAsync(ActivatorUtilities.CreateInstance<HintListener>(node.Services));
        await hints.UntilAsync(EventKind.EverythingChanged);
        hints.Forget();
        return running;
    }

    private static Task<int> ExecuteAsync(CloudNode node, string sql) =>
        node.Store.WriteAsync((context, token) => context.Database.ExecuteSqlRawAsync(sql, token), Ending);

    private static async Task RefuseConnectionsAsync(CloudNode node)
    {
        var server = new NpgsqlConnectionStringBuilder(node.Get<StoreOptions>().ConnectionString);
        var name = server.Database;
        server.Database = "postgres";
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync(Ending);
        await using var refuse = new NpgsqlCommand($"ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS false", connection);
        await refuse.ExecuteNonQueryAsync(Ending);
        await using var end = new NpgsqlCommand($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'", connection);
        await end.ExecuteNonQueryAsync(Ending);
    }

    private static async Task UntilEmptyAsync(CloudNode node)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        while (await node.Store.ReadAsync((context, token) => context.Set<OutboxRow>().AnyAsync(token), limit.Token)) await Task.Delay(5, limit.Token);
    }

    // A store of its own: the dispatcher takes what is there, whosoever wrote it. The second is another process or node on it.
    private async Task<(CloudNode First, CloudNode Second)> OnNewStoreAsync(StoreProvider provider)
    {
        var folder = Stores.NewFolder();
        if (provider == StoreProvider.Sqlite)
        {
            var node = Stores.OnSqlite(folder);
            await node.MigrateOnceAsync();
            return (node, Stores.OnSqlite(folder));
        }
        var database = await Stores.NewDatabaseAsync();
        var first = Stores.OnPostgreSql(database, folder);
        await first.MigrateOnceAsync();
        return (first, Stores.OnPostgreSql(database, Stores.NewFolder()));
    }

    private sealed class Running(BackgroundService service) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await service.StopAsync(CancellationToken.None);
            service.Dispose();
        }
    }
}
