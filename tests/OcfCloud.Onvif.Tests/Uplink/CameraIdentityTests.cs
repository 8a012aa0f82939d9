using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Tests.Uplink.Support;

namespace OcfCloud.Onvif.Tests.Uplink;

/// <summary>What is made of what a camera says of itself.</summary>
public sealed class CameraIdentityTests(UplinkStores stores) : IClassFixture<UplinkStores>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_camera_that_is_the_promised_one_connects_its_share(StoreProvider provider)
    {
        await using var cloud = await UplinkCloud.StartAsync(await stores.OnAsync(provider));
        await using var device = await TestCamera.StartAsync();
        var (camera, share) = await ShareAsync(cloud, "00408CFA1234");
        await cloud.ConnectAsync(device, camera, UplinkKind.Https);

        await UplinkCloud.UntilAsync(async () => (await cloud.ReadAsync(camera))!.State == CameraState.Active);

        Assert.Equal((IncomingShareState.Connected, null), await StateAsync(cloud, share));
    }

    [Theory]
    [InlineData(StoreProvider.Sqlite)]
    [InlineData(StoreProvider.PostgreSql)]
    public async Task A_camera_that_is_another_one_is_quarantined_and_stays_so(StoreProvider provider)
    {
        await using var cloud = await UplinkCloud.StartAsync(await stores.OnAsync(provider));
        await using var device = await TestCamera.StartAsync();

        // Ordinal: upper and lower case differ.
        var (camera, share) = await ShareAsync(cloud, "00408cfa1234");
        var connected = await cloud.ConnectAsync(device, camera, UplinkKind.Wss);
        await UplinkCloud.UntilAsync(async () => (await cloud.ReadAsync(camera))!.State == CameraState.Quarantined);

        const string Reason = "The camera is another one than the share token promised: its serial number differs.";
        var known = (await cloud.ReadAsync(camera))!;
        Assert.Equal((Reason, "00408CFA1234"), (known.Reason, known.SerialNumber));
        Assert.Equal((IncomingShareState.Quarantined, Reason), await StateAsync(cloud, share));

        await connected.CloseAsync();
        device.Answer = context => context.Response.WriteAsync("Acme|AC-2000|4.2.2|00408cfa1234|7B1", Ending);
        await cloud.ConnectAsync(device, camera, UplinkKind.Wss);
        await UplinkCloud.UntilAsync(async () => (await cloud.ReadAsync(camera))!.FirmwareVersion == "4.2.2");
        Assert.Equal(CameraState.Quarantined, (await cloud.ReadAsync(camera))!.State);
    }

    [Fact]
    public async Task A_camera_that_does_not_say_who_it_is_is_asked_again_and_only_then_told_of()
    {
        await using var cloud = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.Sqlite));
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        var (asked, told) = (0, new TaskCompletionSource<(Guid, int)>());
        var whole = device.Answer;
        device.Answer = context =>
        {
            if (Interlocked.Increment(ref asked) > 2) return whole(context);
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        using var subscription = cloud.Connections.Subscribe(id => told.TrySetResult((id, asked)));

        await cloud.ConnectAsync(device, camera, UplinkKind.Https);

        Assert.Equal((camera.Id, 3), await told.Task.WaitAsync(Deadline, Ending));
        Assert.Equal(CameraState.Active, (await cloud.ReadAsync(camera))!.State);
    }

    [Fact]
    public async Task Each_uplink_of_a_camera_is_asked_by_itself()
    {
        await using var cloud = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.Sqlite));
        await using var device = await TestCamera.StartAsync();
        var camera = await cloud.EnrolAsync();
        var connections = new HashSet<string>();
        var whole = device.Answer;
        device.Answer = context =>
        {
            lock (connections) connections.Add(context.Connection.Id);
            return whole(context);
        };

        var dialler = cloud.DiallerOf(camera);
        var streams = await Task.WhenAll(dialler.DialAsync(UplinkKind.Https), dialler.DialAsync(UplinkKind.Wss));
        Array.ForEach(streams, stream => device.Serve(stream));

        await UplinkCloud.UntilAsync(() =>
        {
            lock (connections) return Task.FromResult(connections.Count == 2);
        });
    }

    private static async Task<(Camera Camera, Guid Share)> ShareAsync(UplinkCloud cloud, string serialNumber)
    {
        var id = Guid.NewGuid();
        var camera = await cloud.EnrolAsync(share: id);
        await cloud.Store.WriteAsync(
            (context, _) =>
            {
                context.Add(new IncomingShare
                {
                    Id = id,
                    UserId = cloud.User,
                    State = IncomingShareState.Completed,
                    Xaddr = "https://pcs.example",
                    Manufacturer = "Acme",
                    Model = "AC-2000",
                    SerialNumber = serialNumber,
                    Token = [],
                    TokenHash = id.ToByteArray(),
                    Nonce = [],
                    NonceHash = id.ToByteArray(),
                    ClientId = camera.ClientId,
                    CameraId = camera.Id,
                });
                return Task.CompletedTask;
            },
            Ending);
        return (camera, id);
    }

    private static Task<(IncomingShareState, string?)> StateAsync(UplinkCloud cloud, Guid share) => cloud.Store.ReadAsync(
        async (context, token) =>
        {
            var row = await context.Set<IncomingShare>().SingleAsync(s => s.Id == share, token);
            return (row.State, row.Reason);
        },
        Ending);
}
