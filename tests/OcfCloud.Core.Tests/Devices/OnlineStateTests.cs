using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Devices;

/// <summary>architecture.md, Online state: on one node.</summary>
public sealed class OnlineStateTests(Stores stores) : StoreTests(stores)
{
    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_session_makes_its_device_online_and_its_end_offline(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        Assert.Null(Assert.Single(await node.Accounts.ListAsync(device.User, Ending)).LastSeen);
        var session = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        var signedIn = node.Clock.GetUtcNow();

        Assert.True((await node.Accounts.FindAsync(device.Id, Ending))!.Online);
        var row = (await node.RowAsync(device.Id))!;
        Assert.Equal((session, node.Get<NodeIdentity>().Id, signedIn), (row.Session, row.NodeId!.Value, row.LastSeenAt!.Value));

        node.Clock.Advance(TimeSpan.FromMinutes(5));
        node.Online.SignedOut(device.Id, session);
        await node.Online.FlushAsync(Ending);

        row = (await node.RowAsync(device.Id))!;
        Assert.Equal((false, null, session, signedIn.AddMinutes(5)), (row.Online, row.NodeId, row.Session, row.LastSeenAt!.Value));
        var events = await node.EventsAsync(device.User);
        Assert.Equal(
            [(EventKind.DeviceRegistered, 0), (EventKind.DeviceOnline, session), (EventKind.DeviceOffline, session)], events.Select(e => (e.Kind, e.Session)));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Of_one_batch_only_what_holds_in_the_end_is_written(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (flash, steady) = (await node.RegisterAsync(), await node.RegisterAsync());
        node.Online.SignedOut(flash.Id, await node.SignInAsync(flash));
        await node.SignInAsync(steady);
        await node.Online.FlushAsync(Ending);
        var again = await node.SignInAsync(steady);
        await node.Online.FlushAsync(Ending);

        Assert.Equal([EventKind.DeviceRegistered], await node.EventKindsAsync(flash.User));
        Assert.Equal([EventKind.DeviceRegistered, EventKind.DeviceOnline], await node.EventKindsAsync(steady.User));
        Assert.Equal(again, (await node.RowAsync(steady.Id))!.Session);
        Assert.NotNull((await node.RowAsync(flash.Id))!.LastSeenAt);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task What_an_older_connection_does_changes_nothing(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        var older = await node.SignInAsync(device);
        await node.Online.FlushAsync(Ending);
        var newer = await node.SignInAsync(device);
        node.Online.SignedOut(device.Id, older);
        await node.Online.FlushAsync(Ending);
        node.Online.SignedOut(device.Id, older);
        await node.Online.FlushAsync(Ending);

        var row = (await node.RowAsync(device.Id))!;
        Assert.Equal((true, newer), (row.Online, row.Session));
        Assert.DoesNotContain(EventKind.DeviceOffline, await node.EventKindsAsync(device.User));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_beginning_that_comes_after_a_greater_one_is_told_that_it_is_over(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var device = await node.RegisterAsync();
        using var hints = new HintRecorder(node.Get<IHints>());
        var older = (await node.Accounts.SignInAsync(device.Id, device.User, device.AccessToken, Ending)).Session;
        var newer = await node.SignInAsync(device);
        node.Online.SignedIn(device.Id, device.User, older);
        await node.Online.FlushAsync(Ending);

        Assert.Equal(new Hint(EventKind.SessionRevoked, device.User, device.Id, older), Assert.Single(hints.All));
        Assert.Equal(newer, (await node.RowAsync(device.Id))!.Session);
        // The greater one is in the store alone now.
        node.Online.SignedOut(device.Id, newer);
        await node.Online.FlushAsync(Ending);
        node.Online.SignedIn(device.Id, device.User, older);
        await node.Online.FlushAsync(Ending);
        Assert.Equal(2, hints.All.Count(h => h.Session == older));
        Assert.False((await node.RowAsync(device.Id))!.Online);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task Many_changes_are_written_in_few_transactions_and_one_event_each(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var user = UserId.New();
        var devices = new List<RegisteredDevice>();
        for (var i = 0; i < 60; i++) devices.Add(await node.RegisterAsync(user));
        foreach (var device in devices) await node.SignInAsync(device);

        await node.Online.FlushAsync(Ending);

        Assert.All(await node.Accounts.ListAsync(user, Ending), line => Assert.True(line.Online));
        var events = (await node.EventsAsync(user)).Where(e => e.Kind == EventKind.DeviceOnline).ToArray();
        Assert.Equal(60, events.Select(e => e.DeviceId).Distinct().Count());
        Assert.Equal(60, events.Length);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_former_life_is_set_offline_at_the_start_with_its_events(StoreProvider provider)
    {
        var (node, next) = await TwoLivesAsync(provider);
        var (left, ended) = (await node.RegisterAsync(), await node.RegisterAsync());
        await node.SignInAsync(left);
        var session = await node.SignInAsync(ended);
        await node.Online.FlushAsync(Ending);
        node.Online.SignedOut(ended.Id, session);
        await node.Online.FlushAsync(Ending);
        var lastSeen = node.Clock.GetUtcNow();
        node.Clock.Advance(TimeSpan.FromMinutes(30));

        await next.Online.ClearFormerLifeAsync(Ending);
        await next.Online.ClearFormerLifeAsync(Ending);

        var row = (await next.RowAsync(left.Id))!;
        // When it ended is not known: not now, at any rate.
        Assert.Equal((false, null, lastSeen), (row.Online, row.NodeId, row.LastSeenAt!.Value));
        Assert.Equal([EventKind.DeviceRegistered, EventKind.DeviceOnline, EventKind.DeviceOffline], await next.EventKindsAsync(left.User));
        Assert.Equal([EventKind.DeviceRegistered, EventKind.DeviceOnline, EventKind.DeviceOffline], await next.EventKindsAsync(ended.User));
        Assert.True(await next.SignInAsync(left) > row.Session);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task A_stop_sets_what_is_left_offline(StoreProvider provider)
    {
        var (node, _) = await TwoLivesAsync(provider);
        var device = await node.RegisterAsync();
        await node.Online.StartAsync(Ending);
        await node.SignInAsync(device);
        node.Clock.Advance(TimeSpan.FromMinutes(1));

        await node.Online.StopAsync(Ending);

        var row = (await node.RowAsync(device.Id))!;
        Assert.Equal((false, node.Clock.GetUtcNow()), (row.Online, row.LastSeenAt!.Value));
        Assert.Equal([EventKind.DeviceRegistered, EventKind.DeviceOnline, EventKind.DeviceOffline], await node.EventKindsAsync(device.User));
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task When_something_was_missed_revoked_sessions_are_found_by_the_store(StoreProvider provider)
    {
        var node = await Stores.OnAsync(provider);
        var (removed, again, alive) = (await node.RegisterAsync(), await node.RegisterAsync(), await node.RegisterAsync());
        var sessions = new[] { await node.SignInAsync(removed), await node.SignInAsync(again) };
        await node.SignInAsync(alive);
        await node.Online.FlushAsync(Ending);
        await node.Accounts.RemoveAsync(removed.Id, null, Ending);
        await node.RegisterAsync(again.User, again.Id);
        // The hints of these got lost.
        using var hints = new HintRecorder(node.Get<IHints>());

        node.Get<Hints>().Publish(Hint.Everything);
        await node.Online.FlushAsync(Ending);

        Assert.Equal(
            [new Hint(EventKind.SessionRevoked, removed.User, removed.Id, sessions[0]), new Hint(EventKind.SessionRevoked, again.User, again.Id, sessions[1])],
            hints.All.Where(h => !h.IsEverything).OrderBy(h => h.Session));
        Assert.Equal([EventKind.DeviceRegistered, EventKind.DeviceOnline], await node.EventKindsAsync(alive.User));
        // Told once: what was refused does not live.
        hints.Forget();
        node.Get<Hints>().Publish(Hint.Everything);
        await node.Online.FlushAsync(Ending);
        Assert.DoesNotContain(hints.All, h => !h.IsEverything);
    }

    [Theory, InlineData(StoreProvider.Sqlite), InlineData(StoreProvider.PostgreSql)]
    public async Task The_loop_writes_by_itself(StoreProvider provider)
    {
        var (node, _) = await TwoLivesAsync(provider);
        var device = await node.RegisterAsync();
        await node.Online.StartAsync(Ending);

        var session = await node.SignInAsync(device);
        await UntilAsync(async () => (await node.RowAsync(device.Id))!.Online);
        node.Online.SignedOut(device.Id, session);
        await UntilAsync(async () => !(await node.RowAsync(device.Id))!.Online);

        await node.Online.StopAsync(Ending);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        limit.CancelAfter(TimeSpan.FromSeconds(15));
        while (!await isSo()) await Task.Delay(5, limit.Token);
    }

    // Of one data directory and one store; alone on it, as starts and stops set everything offline there.
    private async Task<(CloudNode Node, CloudNode Next)> TwoLivesAsync(StoreProvider provider)
    {
        var folder = Stores.NewFolder();
        var database = provider == StoreProvider.PostgreSql ? await Stores.NewDatabaseAsync() : null;
        CloudNode Create() => database is null ? Stores.OnSqlite(folder) : Stores.OnPostgreSql(database, folder);
        var node = Create();
        await node.MigrateOnceAsync();
        return (node, Create());
    }
}
