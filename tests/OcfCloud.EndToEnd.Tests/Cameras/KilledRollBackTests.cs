namespace OcfCloud.EndToEnd.Cameras;

/// <summary>The same where the work goes wrong, and where the other cloud is the one that is killed.</summary>
public sealed class KilledRollBackTests : IAsyncLifetime
{
    private KilledClouds _clouds = null!;

    public async ValueTask InitializeAsync() => _clouds = await KilledClouds.StartAsync();

    public ValueTask DisposeAsync() => _clouds.DisposeAsync();

    [Fact]
    public async Task A_camera_is_as_before_although_its_cloud_is_killed_after_every_step_of_work_that_fails()
    {
        var (alice, bob) = (await _clouds.A.AddOwnerAsync(), await _clouds.B.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice, KilledClouds.Slow, "fault=SetUplink");
        var before = await camera.Soap.ContentsAsync();
        await bob.AskForAsync(await alice.IssueAsync());

        await _clouds.KillAfterEveryStepAsync(alice, await alice.SharePathAsync(), "failed", atLeast: 5, async () => await camera.Soap.ContentsAsync() == before);

        await camera.WaitForUplinksAsync(_clouds.A);
        await alice.WaitForCameraAsync("online");
        await alice.ReadInformationAsync();
        Assert.Equal(before, await camera.Soap.ContentsAsync());
    }

    [Fact]
    public async Task A_cloud_that_is_down_when_it_is_told_is_told_when_it_is_back()
    {
        var (alice, bob) = (await _clouds.A.AddOwnerAsync(), await _clouds.B.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice);
        await camera.SwitchOffAsync();
        await alice.WaitForCameraAsync("offline");
        var incoming = await bob.AskForAsync(await alice.IssueAsync());
        await bob.WaitForAsync(incoming, "state", "requested");

        await _clouds.B.Cloud.KillAsync();
        await camera.SwitchOnAsync();
        await alice.WaitForShareAsync("notifying");
        await _clouds.B.Cloud.StartAsync();

        await bob.WaitForAsync(incoming, "state", "connected");
        await alice.WaitForShareAsync("connected");
    }
}
