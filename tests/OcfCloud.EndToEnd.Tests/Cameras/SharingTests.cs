using System.Net;
using System.Text.Json;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>A camera of A that B may use too, between two clouds of ours.</summary>
public sealed class SharingTests(SharedPrograms shared, PostgreSqlFixture postgreSql)
{
    private readonly CameraClouds _clouds = shared.CameraClouds(postgreSql);

    [Fact]
    public async Task A_shared_camera_is_connected_to_both_clouds_and_B_sees_the_right_one()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice);
        var owned = await alice.CameraAsync();

        var token = await alice.IssueAsync();
        var proposed = await bob.AskAsync(HttpMethod.Post, "incoming-shares", HttpStatusCode.Created, new { shareToken = token });
        Assert.Equal(
            (a.Xaddr, "share", Text(owned, "manufacturer"), Text(owned, "model"), Text(owned, "serialNumber")),
            (Text(proposed, "xaddr"), Text(proposed, "mode"), Text(proposed, "manufacturer"), Text(proposed, "model"), Text(proposed, "serialNumber")));
        Assert.Empty(await alice.SharesAsync());
        var incoming = "incoming-shares/" + Text(proposed, "id");
        await bob.AskAsync(HttpMethod.Post, incoming + "/confirm", HttpStatusCode.Accepted);

        var connected = await bob.WaitForAsync(incoming, "state", "connected");
        var atB = await bob.WaitForCameraAsync("online");
        Assert.Equal(Text(atB, "id"), Text(connected, "cameraId"));
        Assert.Equal(Text(atB, "clientId"), Text(connected, "clientId"));
        Assert.Equal(Text(owned, "serialNumber"), Text(atB, "serialNumber"));
        await camera.WaitForUplinksAsync(a, userLevel: "Administrator");
        await camera.WaitForUplinksAsync(b, userLevel: "Administrator");
        var share = await alice.WaitForShareAsync("connected");
        Assert.Contains(share.GetProperty("steps").EnumerateArray(), step => Text(step, "name")!.Contains("SetUplink", StringComparison.Ordinal));
        Assert.Equal(Text(owned, "serialNumber"), Text(await alice.ReadInformationAsync(), "serialNumber"));
        Assert.Equal(Text(owned, "serialNumber"), Text(await bob.ReadInformationAsync(), "serialNumber"));
        var tokens = await alice.GetAsync($"cameras/{await alice.CameraIdAsync()}/share-tokens");
        Assert.Equal("used", Text(Assert.Single(tokens.EnumerateArray()), "state"));

        // To confirm again sends nothing more.
        await bob.AskAsync(HttpMethod.Post, incoming + "/confirm", HttpStatusCode.Accepted);
        Assert.Equal("connected", Text(await bob.GetAsync(incoming), "state"));
        Assert.Single(await alice.SharesAsync());
    }

    [Fact]
    public async Task What_the_owner_takes_back_leaves_the_camera_as_it_was()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice);
        var before = await camera.Soap.ContentsAsync();
        await bob.WaitForAsync(await bob.AskForAsync(await alice.IssueAsync()), "state", "connected");
        await alice.WaitForShareAsync("connected");
        Assert.NotEqual(before, await camera.Soap.ContentsAsync());

        await alice.AskAsync(HttpMethod.Delete, await alice.SharePathAsync(), HttpStatusCode.Accepted);

        await alice.WaitForShareAsync("unshared");
        Assert.Equal(before, await camera.Soap.ContentsAsync());
        await bob.WaitForCameraAsync("offline");
        await alice.ReadInformationAsync();
    }

    [Fact]
    public async Task A_camera_that_B_removes_loses_its_uplinks_there_at_once_and_stays_with_A()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice);
        await bob.WaitForAsync(await bob.AskForAsync(await alice.IssueAsync()), "state", "connected");
        await camera.WaitForUplinksAsync(b);

        await bob.AskAsync(HttpMethod.Delete, "cameras/" + await bob.CameraIdAsync(), HttpStatusCode.NoContent);

        await Eventually.EqualAsync(0, async () => (await camera.UplinksAsync(b)).Count(u => u.Status == "Connected"), TimeSpan.FromSeconds(5));
        Assert.Empty(await bob.CamerasAsync());
        using (var stolen = await camera.StealAsync(b)) Assert.Equal((null, "invalid_client"), await stolen.AskForTokenAsync(b));
        await alice.ReadInformationAsync();
    }

    [Fact]
    public async Task An_operator_may_look_at_a_camera_and_cannot_share_it_further()
    {
        var (a, b, c) = (await _clouds.A, await _clouds.B, await _clouds.C);
        var (alice, bob, carol) = (await a.AddOwnerAsync(), await b.AddOwnerAsync(), await c.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice);

        // More than was granted is refused.
        var refused = await bob.WaitForAsync(await bob.AskForAsync(await alice.IssueAsync(userLevel: "Operator")), "state", "failed");
        Assert.NotEmpty(Text(refused, "reason")!);
        var granted = await bob.AskForAsync(await alice.IssueAsync(userLevel: "Operator"), "Operator");
        await bob.WaitForAsync(granted, "state", "connected");
        await camera.WaitForUplinksAsync(b, userLevel: "Operator");
        await bob.ReadInformationAsync();
        var before = await camera.Soap.ContentsAsync();

        var further = await carol.WaitForAsync(await carol.AskForAsync(await bob.IssueAsync()), "state", "failed");

        Assert.NotEmpty(Text(further, "reason")!);
        Assert.Equal(before, await camera.Soap.ContentsAsync());
        Assert.DoesNotContain(await bob.SharesAsync(), share => Text(share, "state") is not "failed");
        await bob.ReadInformationAsync();
    }

    [Fact]
    public async Task The_work_waits_for_a_camera_that_is_off()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice);
        await camera.SwitchOffAsync();
        await alice.WaitForCameraAsync("offline");

        var incoming = await bob.AskForAsync(await alice.IssueAsync());
        await bob.WaitForAsync(incoming, "state", "requested");
        await alice.WaitForShareAsync("waiting");
        await camera.SwitchOnAsync();

        await bob.WaitForAsync(incoming, "state", "connected");
        await alice.WaitForShareAsync("connected");
        await camera.WaitForUplinksAsync(b);
    }

    [Theory]
    [InlineData("fault=SetUplink")]
    [InlineData("fault=CreateAuthorizationServerConfiguration")]
    [InlineData("corrupt-keys=99")]
    [InlineData("endless-key-generation")]
    public async Task What_goes_wrong_is_taken_back_and_leaves_the_camera_as_it_was(string misbehaviour)
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice, misbehaviour);
        var before = await camera.Soap.ContentsAsync();

        await bob.WaitForAsync(await bob.AskForAsync(await alice.IssueAsync()), "state", "requested");

        var failed = await alice.WaitForShareAsync("failed");
        Assert.NotEmpty(Text(failed, "reason")!);
        await Eventually.EqualAsync(before, camera.Soap.ContentsAsync);
        await alice.ReadInformationAsync();
    }

    [Fact]
    public async Task A_camera_without_room_is_refused_before_anything_is_done()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice, "max-uplinks=2");
        var before = await camera.Soap.ContentsAsync();
        var token = await alice.IssueAsync();

        await bob.WaitForAsync(await bob.AskForAsync(token), "state", "failed");

        Assert.Empty(await alice.SharesAsync());
        Assert.Equal(before, await camera.Soap.ContentsAsync());
        var tokens = await alice.GetAsync($"cameras/{await alice.CameraIdAsync()}/share-tokens");
        Assert.Equal("open", Text(Assert.Single(tokens.EnumerateArray()), "state"));
    }

    [Fact]
    public async Task Another_camera_than_was_promised_is_quarantined()
    {
        var (a, b) = (await _clouds.A, await _clouds.B);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice, "wrong-serial");

        await bob.WaitForAsync(await bob.AskForAsync(await alice.IssueAsync()), "state", "quarantined");

        Assert.NotEmpty(Text(await bob.WaitForCameraAsync("quarantined"), "reason")!);
        await bob.AskAsync(HttpMethod.Post, $"cameras/{await bob.CameraIdAsync()}/share-tokens", HttpStatusCode.Conflict, new { });
        await alice.ReadInformationAsync();
    }

    private static string? Text(JsonElement element, string member) => element.GetProperty(member).GetString();
}
