using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Tests.Support;

namespace OcfCloud.Core.Tests.Devices;

/// <summary>architecture.md, Online state: two nodes on one PostgreSQL.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "The nodes are the stores'.")]
public sealed class SeveralNodesTests(Stores stores) : StoreTests(stores)
{
    [Fact]
    public async Task A_sign_in_on_another_node_wins_and_the_older_session_is_revoked_by_an_event()
    {
        var (here, there) = await TwoAsync();
        var device = await here.RegisterAsync();
        var older = await here.SignInAsync(device);
        await here.Online.FlushAsync(Ending);

        here.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var newer = await there.SignInAsync(device);
        await there.Online.FlushAsync(Ending);
        // The older connection is closed, late or early: it changes nothing.
        here.Online.SignedOut(device.Id, older);
        await here.Online.FlushAsync(Ending);

        Assert.True(newer > older);
        var row = (await here.RowAsync(device.Id))!;
        Assert.Equal((true, newer, there.Get<NodeIdentity>().Id), (row.Online, row.Session, row.NodeId!.Value));
        Assert.Equal(
            [(EventKind.DeviceRegistered, 0), (EventKind.DeviceOnline, older), (EventKind.SessionRevoked, older)],
            (await here.EventsAsync(device.User)).Select(e => (e.Kind, e.Session)));
    }

    [Fact]
    public async Task An_older_session_that_is_written_late_is_refused_and_told_so()
    {
        var (here, there) = await TwoAsync();
        var device = await here.RegisterAsync();
        using var hints = new HintRecorder(here.Get<IHints>());
        var older = await here.SignInAsync(device);
        here.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var newer = await there.SignInAsync(device);
        await there.Online.FlushAsync(Ending);

        await here.Online.FlushAsync(Ending);

        Assert.Equal(new Hint(EventKind.SessionRevoked, device.User, device.Id, older), Assert.Single(hints.All));
        Assert.Equal(newer, (await here.RowAsync(device.Id))!.Session);
        Assert.Equal([EventKind.DeviceRegistered, EventKind.DeviceOnline], await here.EventKindsAsync(device.User));
    }

    [Fact]
    public async Task A_short_session_elsewhere_ends_the_older_one_too()
    {
        var (here, there) = await TwoAsync();
        var device = await here.RegisterAsync();
        var older = await here.SignInAsync(device);
        await here.Online.FlushAsync(Ending);

        there.Online.SignedOut(device.Id, await there.SignInAsync(device));
        await there.Online.FlushAsync(Ending);

        Assert.False((await here.RowAsync(device.Id))!.Online);
        Assert.Equal(
            [EventKind.DeviceRegistered, EventKind.DeviceOnline, EventKind.SessionRevoked, EventKind.DeviceOffline], await here.EventKindsAsync(device.User));
        Assert.Equal(older, (await here.EventsAsync(device.User))[2].Session);
    }

    [Fact]
    public async Task A_start_clears_only_its_own_former_life()
    {
        var (here, there) = await TwoAsync();
        var (mine, theirs) = (await here.RegisterAsync(), await here.RegisterAsync());
        await here.SignInAsync(mine);
        await there.SignInAsync(theirs);
        await here.Online.FlushAsync(Ending);
        await there.Online.FlushAsync(Ending);

        await here.Online.ClearFormerLifeAsync(Ending);

        Assert.False((await here.RowAsync(mine.Id))!.Online);
        Assert.True((await here.RowAsync(theirs.Id))!.Online);
    }

    [Fact]
    public async Task A_run_out_lease_is_cleared_by_another_node_and_the_cleared_node_writes_its_live_sessions_anew()
    {
        var (here, there) = await TwoAsync();
        var (alive, moved) = (await here.RegisterAsync(), await here.RegisterAsync());
        var session = await here.SignInAsync(alive);
        var lost = await here.SignInAsync(moved);
        await here.Online.FlushAsync(Ending);
        await RenewalOf(there).RenewAsync(Ending);
        Assert.True((await here.RowAsync(alive.Id))!.Online);

        await RunOutAsync(here);
        await RenewalOf(there).RenewAsync(Ending);
        await RenewalOf(there).RenewAsync(Ending);

        Assert.False((await here.RowAsync(alive.Id))!.Online);
        Assert.Equal([EventKind.DeviceRegistered, EventKind.DeviceOnline, EventKind.DeviceOffline], await here.EventKindsAsync(alive.User));
        // While it was thought dead, one of its devices has gone elsewhere.
        await there.SignInAsync(moved);
        await there.Online.FlushAsync(Ending);
        using var hints = new HintRecorder(here.Get<IHints>());
        await RenewalOf(here).RenewAsync(Ending);
        await here.Online.FlushAsync(Ending);

        var row = (await here.RowAsync(alive.Id))!;
        Assert.Equal((true, session, here.Get<NodeIdentity>().Id), (row.Online, row.Session, row.NodeId!.Value));
        Assert.Equal(EventKind.DeviceOnline, (await here.EventKindsAsync(alive.User))[^1]);
        Assert.Equal(there.Get<NodeIdentity>().Id, (await here.RowAsync(moved.Id))!.NodeId);
        Assert.Equal(new Hint(EventKind.SessionRevoked, moved.User, moved.Id, lost), Assert.Single(hints.All));
    }

    [Fact]
    public async Task A_cleared_node_notices_with_its_next_change_too()
    {
        var (here, there) = await TwoAsync();
        var (alive, other) = (await here.RegisterAsync(), await here.RegisterAsync());
        await here.SignInAsync(alive);
        await here.Online.FlushAsync(Ending);
        await RunOutAsync(here);
        await RenewalOf(there).RenewAsync(Ending);

        await here.SignInAsync(other);
        await here.Online.FlushAsync(Ending);
        await here.Online.FlushAsync(Ending);

        Assert.True((await here.RowAsync(alive.Id))!.Online);
        Assert.True((await here.RowAsync(other.Id))!.Online);
    }

    [Fact]
    public async Task Two_nodes_that_clear_the_same_lease_tell_of_it_once()
    {
        var (here, there) = await TwoAsync();
        var third = await Stores.AnotherNodeAsync();
        var devices = new List<RegisteredDevice>();
        for (var i = 0; i < 20; i++)
        {
            devices.Add(await here.RegisterAsync());
            await here.SignInAsync(devices[^1]);
        }
        await here.Online.FlushAsync(Ending);
        await RunOutAsync(here);

        await Task.WhenAll(RenewalOf(there).RenewAsync(Ending), RenewalOf(third).RenewAsync(Ending));
        await Task.WhenAll(RenewalOf(there).RenewAsync(Ending), RenewalOf(third).RenewAsync(Ending));

        foreach (var device in devices)
            Assert.Equal([EventKind.DeviceRegistered, EventKind.DeviceOnline, EventKind.DeviceOffline], await here.EventKindsAsync(device.User));
    }

    [Fact]
    public async Task A_node_keeps_its_id_in_its_data_directory()
    {
        var folder = Stores.NewFolder();
        var database = await Stores.NewDatabaseAsync();

        Assert.Equal(
            Stores.OnPostgreSql(database, folder).Get<NodeIdentity>().Id, Stores.OnPostgreSql(database, folder).Get<NodeIdentity>().Id);
        Assert.NotEqual(Stores.OnPostgreSql(database, Stores.NewFolder()).Get<NodeIdentity>().Id, Stores.OnPostgreSql(database, folder).Get<NodeIdentity>().Id);
    }

    private static NodeLeaseRenewal RenewalOf(CloudNode node) => ActivatorUtilities.CreateInstance<NodeLeaseRenewal>(node.Services);

    // As if it had not renewed for long; the clock is the store's.
    private static Task<int> RunOutAsync(CloudNode node)
    {
        var id = node.Get<NodeIdentity>().Id;
        return node.Store.WriteAsync(
            (context, token) => context.Set<Node>().Where(n => n.Id == id).ExecuteUpdateAsync(set => set.SetProperty(n => n.LeaseUntil, DateTimeOffset.UnixEpoch), token),
            Ending);
    }

    private async Task<(CloudNode Here, CloudNode There)> TwoAsync()
    {
        await Stores.OnAsync(StoreProvider.PostgreSql);
        return (await Stores.AnotherNodeAsync(), await Stores.AnotherNodeAsync());
    }
}
