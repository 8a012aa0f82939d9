using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Tests.Uplink.Support;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Tests.Uplink;

/// <summary>Uplinks end with the right to have them.</summary>
public sealed class UplinkRevocationTests(UplinkStores stores) : IClassFixture<UplinkStores>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static TheoryData<UplinkKind, StoreProvider> KindsAndStores => UplinkTests.KindsAndStores;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(KindsAndStores))]
    public async Task A_camera_that_is_removed_is_cut_off_at_once(UplinkKind kind, StoreProvider provider)
    {
        await using var cloud = await UplinkCloud.StartAsync(await stores.OnAsync(provider));
        await using var device = await TestCamera.StartAsync();
        var (camera, other) = (await cloud.EnrolAsync(), await cloud.EnrolAsync());
        var connected = await cloud.ConnectAsync(device, camera, kind);
        var stays = await cloud.ConnectAsync(device, other, kind);

        await cloud.ChangeAsync(camera, context => context.Set<Camera>().Where(c => c.Id == camera.Id).ExecuteDeleteAsync(Ending));

        Assert.True(await connected.ClosedByCloud.WaitAsync(Deadline, Ending));
        Assert.False(cloud.Connections.IsConnected(camera.Id));
        Assert.False(stays.ClosedByCloud.IsCompleted);
    }

    [Theory]
    [MemberData(nameof(KindsAndStores))]
    public async Task A_camera_whose_client_is_removed_is_cut_off_at_once(UplinkKind kind, StoreProvider provider)
    {
        await using var cloud = await UplinkCloud.StartAsync(await stores.OnAsync(provider));
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        var connected = await cloud.ConnectAsync(device, camera, kind);

        await cloud.ChangeAsync(camera, context => context.Set<DeviceClientKey>().Where(k => k.ClientId == camera.ClientId).ExecuteDeleteAsync(Ending));

        Assert.True(await connected.ClosedByCloud.WaitAsync(Deadline, Ending));
        await UplinkCloud.UntilAsync(async () => (await cloud.RowsAsync(camera)).Count == 0);
    }

    [Fact]
    public async Task A_camera_that_is_being_handed_over_keeps_its_uplink_until_that_is_done()
    {
        await using var cloud = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.Sqlite));
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        var share = new Share { Id = Guid.NewGuid(), CameraId = camera.Id, TokenId = Guid.NewGuid(), UserId = cloud.User, Mode = ShareMode.Transfer, State = ShareState.Transferring, Configuration = "{}", ServerAuthority = "b" };
        var connected = await cloud.ConnectAsync(device, camera, UplinkKind.Https);
        var sentinel = await cloud.EnrolAsync();
        var cut = await cloud.ConnectAsync(device, sentinel, UplinkKind.Https);

        await cloud.ChangeAsync(camera, async context =>
        {
            context.Add(share);
            await context.Set<Camera>().Where(c => c.Id == camera.Id).ExecuteUpdateAsync(set => set.SetProperty(c => c.State, CameraState.Transferred), Ending);
            await context.Set<DeviceClientKey>().Where(k => k.ClientId == camera.ClientId).ExecuteDeleteAsync(Ending);
        });

        // What came after it was looked at: so was this one.
        await cloud.ChangeAsync(sentinel, context => context.Set<Camera>().Where(c => c.Id == sentinel.Id).ExecuteDeleteAsync(Ending));
        await cut.ClosedByCloud.WaitAsync(Deadline, Ending);
        Assert.NotEqual("", await cloud.AskAsync(camera));

        await cloud.ChangeAsync(camera, context => context.Set<Share>().Where(s => s.Id == share.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.State, ShareState.Transferred), Ending));
        Assert.True(await connected.ClosedByCloud.WaitAsync(Deadline, Ending));
    }

    [Fact]
    public async Task A_newer_connection_on_another_node_takes_the_place()
    {
        await using var one = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql));
        await using var two = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql));
        await using var device = await TestCamera.StartAsync();
        var camera = await one.EnrolAsync();
        var older = await one.ConnectAsync(device, camera, UplinkKind.Wss);

        var newer = await two.ConnectAsync(device, camera, UplinkKind.Wss);

        Assert.True(await older.ClosedByCloud.WaitAsync(Deadline, Ending));
        Assert.False(newer.ClosedByCloud.IsCompleted);
        Assert.True(two.Connections.IsConnected(camera.Id));
        Assert.Single(await two.RowsAsync(camera));
    }

    [Fact]
    public async Task The_newest_connection_is_the_one_that_came_to_the_store_last_whatever_clocks_say()
    {
        await using var one = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql));
        await using var two = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql));
        await using var device = await TestCamera.StartAsync();
        var camera = await one.EnrolAsync();
        var older = await one.ConnectAsync(device, camera, UplinkKind.Https);

        // As by a clock that is an hour fast.
        await one.Store.WriteAsync(
            (context, token) => context.Set<CameraUplink>().Where(u => u.CameraId == camera.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Since, DateTimeOffset.UtcNow.AddHours(1)), token), Ending);
        var newer = await two.ConnectAsync(device, camera, UplinkKind.Https);

        Assert.True(await older.ClosedByCloud.WaitAsync(Deadline, Ending));
        Assert.False(newer.ClosedByCloud.IsCompleted);
        Assert.Equal(two.Get<OcfCloud.Core.Devices.NodeIdentity>().Id, Assert.Single(await two.RowsAsync(camera)).Node);
    }

    [Fact]
    public async Task A_node_that_was_taken_for_dead_writes_no_uplink_before_it_has_its_lease_again()
    {
        await using var cloud = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql));
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        var node = cloud.Get<OcfCloud.Core.Devices.NodeIdentity>().Id;
        var rows = cloud.Get<UplinkRows>();

        // As another node does; the row of nodes is held until the uplink was tried to be written.
        var isTried = new TaskCompletionSource();
        var clearing = cloud.Store.WriteAsync(
            async (context, token) =>
            {
                await context.Database.ExecuteSqlAsync($"""DELETE FROM nodes WHERE "Id" = {node}""", token);
                await rows.ClearAsync(context, node, token);
                await isTried.Task.WaitAsync(Deadline, token);
            },
            Ending);
        var connected = device.Serve(await cloud.DiallerOf(camera).DialAsync(UplinkKind.Https));
        await connected.Spoken.WaitAsync(Deadline, Ending);
        isTried.SetResult();
        await clearing;

        // The renewal writes it anew.
        await UplinkCloud.UntilAsync(async () => (await cloud.RowsAsync(camera)).Count == 1);
        var lives = await cloud.Store.ReadAsync((context, token) => context.Database.SqlQuery<long>($"""SELECT COUNT(*) AS "Value" FROM nodes WHERE "Id" = {node}""").SingleAsync(token), Ending);
        Assert.Equal(1, lives);
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task Rows_of_a_former_life_go_before_the_doors_open(StoreProvider provider)
    {
        var onStore = await stores.OnAsync(provider);
        Camera camera;
        await using (var first = await UplinkCloud.StartAsync(onStore))
        {
            camera = await first.EnrolAsync();
            var node = first.Get<OcfCloud.Core.Devices.NodeIdentity>().Id;
            await first.StopAsync();
            await first.Store.WriteAsync(
                (context, _) =>
                {
                    context.Add(new CameraUplink { CameraId = camera.Id, Kind = UplinkKind.Https, Node = node, Connection = Guid.NewGuid(), Since = DateTimeOffset.UtcNow });
                    return Task.CompletedTask;
                },
                Ending);
        }

        await using var second = await UplinkCloud.StartAsync(onStore);
        Assert.Empty(await second.RowsAsync(camera));
    }

    [Fact]
    public async Task Rows_of_a_node_whose_lease_ran_out_are_taken_by_another()
    {
        var (dead, dying) = (Guid.NewGuid(), Guid.NewGuid());
        await using var first = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql));
        var camera = await first.EnrolAsync();
        using var told = new SemaphoreSlim(0);
        await first.Store.WriteAsync(
            async (context, token) =>
            {
                context.Add(new CameraUplink { CameraId = camera.Id, Kind = UplinkKind.Https, Node = dead, Connection = Guid.NewGuid(), Since = DateTimeOffset.UtcNow });
                context.Add(new CameraUplink { CameraId = camera.Id, Kind = UplinkKind.Wss, Node = dying, Connection = Guid.NewGuid(), Since = DateTimeOffset.UtcNow });
                await context.Database.ExecuteSqlAsync($"""INSERT INTO nodes ("Id", "LeaseUntil") VALUES ({dead}, {1L}), ({dying}, {2L})""", token);
            },
            Ending);

        // Nobody has to wait for what a user's lock is held for.
        using var heard = first.Get<OcfCloud.Core.Events.IHints>().SubscribeAll(hint =>
        {
            if (hint.Kind == OcfCloud.Core.Events.EventKind.CameraChanged && hint.User == camera.UserId) told.Release();
        });
        var isCleared = new TaskCompletionSource();
        var holding = first.Store.WriteAsync(
            async (context, token) =>
            {
                await OcfCloud.Core.Storage.UserLock.TakeAsync(context, camera.UserId, token);
                await isCleared.Task.WaitAsync(Deadline, token);
            },
            Ending);
        await using var second = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql));
        await UplinkCloud.UntilAsync(async () => (await second.RowsAsync(camera)).Count == 0);
        isCleared.SetResult();
        await holding;
        Assert.True(await told.WaitAsync(Deadline, Ending));
    }
}
