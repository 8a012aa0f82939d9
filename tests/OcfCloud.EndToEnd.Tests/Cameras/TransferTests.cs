using System.Net;
using System.Text.Json;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>A camera that leaves its cloud for another.</summary>
public sealed class TransferTests(SharedPrograms shared, PostgreSqlFixture postgreSql)
{
    private readonly CameraClouds _clouds = shared.CameraClouds(postgreSql);

    [Fact]
    public async Task A_transferred_camera_leaves_A_for_B_and_B_shares_it_with_C()
    {
        var (a, b, c) = (await _clouds.A, await _clouds.B, await _clouds.C);
        var (alice, bob, carol) = (await a.AddOwnerAsync(), await b.AddOwnerAsync(), await c.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice);
        var serialNumber = Text(await alice.CameraAsync(), "serialNumber");
        using var stolen = await camera.StealAsync(a);
        var (accessToken, _) = await stolen.AskForTokenAsync(a);

        var transferred = await bob.AskForAsync(await alice.IssueAsync("transfer"));
        Assert.Equal("transfer", Text(await bob.GetAsync(transferred), "mode"));
        await bob.WaitForAsync(transferred, "state", "connected");

        await alice.WaitForShareAsync("transferred");
        Assert.Equal("transferred", Text(await alice.CameraAsync(), "status"));
        await Eventually.EqualAsync(0, async () => (await camera.UplinksAsync(a)).Count);
        await camera.WaitForUplinksAsync(b, userLevel: "Administrator");
        Assert.Equal(401, (await PlainUplink.ConnectAsync(a, accessToken)).Status);
        Assert.Equal((null, "invalid_client"), await stolen.AskForTokenAsync(a));
        await alice.AskAsync(HttpMethod.Post, $"cameras/{await alice.CameraIdAsync()}/share-tokens", HttpStatusCode.Conflict, new { });

        // The operational cloud is the provisioning one of the next.
        await carol.WaitForAsync(await carol.AskForAsync(await bob.IssueAsync()), "state", "connected");
        await bob.WaitForShareAsync("connected");
        await camera.WaitForUplinksAsync(c);
        Assert.Equal(serialNumber, Text(await carol.ReadInformationAsync(), "serialNumber"));
        Assert.Equal(serialNumber, Text(await bob.ReadInformationAsync(), "serialNumber"));
    }

    [Fact]
    public async Task A_transfer_needs_an_administrator_at_the_other_end()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice);

        await bob.WaitForAsync(await bob.AskForAsync(await alice.IssueAsync("transfer"), "Operator"), "state", "failed");

        Assert.Empty(await alice.SharesAsync());
        Assert.Equal("online", Text(await alice.CameraAsync(), "status"));
    }

    [Fact]
    public async Task A_keeps_a_camera_whose_new_uplink_does_not_come()
    {
        using var authority = new SharedAuthority();
        await using var own = await CameraCloud.StartAsync("dora", authority, TestStore.Sqlite, [_clouds.Listener.Path], isShared: true, "Onvif:TransferTimeout=00:00:03");
        var dora = await own.AddOwnerAsync();
        await using var camera = await SimulatedCamera.StartAsync(dora);
        await using var listener = new CompletionListener(_clouds.Listener);
        var asked = ShareRequest.Configuration(await dora.IssueAsync("transfer"), await _clouds.B, listener.Url);

        Assert.Equal(HttpStatusCode.OK, (await own.AskAsync("startDeviceSharing", ShareRequest.Of(asked))).Status);

        await dora.WaitForShareAsync("incomplete");
        Assert.Equal("online", Text(await dora.CameraAsync(), "status"));
        await dora.ReadInformationAsync();
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
