using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Tests.Uplink.Support;

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
        var dead = Guid.NewGuid();
        await using var first = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql));
        var camera = await first.EnrolAsync();
        await first.Store.WriteAsync(
            async (context, token) =>
            {
                context.Add(new CameraUplink { CameraId = camera.Id, Kind = UplinkKind.Https, Node = dead, Connection = Guid.NewGuid(), Since = DateTimeOffset.UtcNow });
                await context.Database.ExecuteSqlAsync($"""INSERT INTO nodes ("Id", "LeaseUntil") VALUES ({dead}, {1L})""", token);
            },
            Ending);

        await using var second = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.PostgreSql));
        await UplinkCloud.UntilAsync(async () => (await second.RowsAsync(camera)).Count == 0);
    }
}
