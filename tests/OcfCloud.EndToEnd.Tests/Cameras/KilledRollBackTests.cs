namespace OcfCloud.EndToEnd.Cameras;

/// <summary>The same where the work goes wrong, and where the other cloud is the one that is killed.</summary>
public sealed class KilledRollBackTests(KilledCloud killed) : IClassFixture<KilledCloud>
{
    [Fact]
    public async Task A_camera_is_as_before_although_its_cloud_is_killed_after_every_step_of_work_that_fails()
    {
        var (a, b) = (killed.Victim, await killed.Other);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice, KilledCloud.Slow, "fault=SetUplink");
        var before = await camera.Soap.ContentsAsync();
        await bob.AskForAsync(await alice.IssueAsync());

        // Until then the work is what good work is, and that is killed beside this.
        await killed.KillAfterEveryStepAsync(await alice.SharePathAsync(), "RolledBack", atLeast: 6, from: "SkipUplink");
        await alice.WaitForShareAsync("failed");

        await camera.WaitForUplinksAsync(a);
        await alice.WaitForCameraAsync("online");
        await alice.ReadInformationAsync();
        Assert.Equal(before, await camera.Soap.ContentsAsync());
    }

    [Fact]
    public async Task A_cloud_that_is_down_when_it_is_told_is_told_when_it_is_back()
    {
        var (a, b) = (await killed.Other, killed.Victim);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice);
        await camera.SwitchOffAsync();
        await alice.WaitForCameraAsync("offline");
        var incoming = await bob.AskForAsync(await alice.IssueAsync());
        await bob.WaitForAsync(incoming, "state", "requested");

        await b.Cloud.KillAsync();
        await camera.SwitchOnAsync();
        await alice.WaitForShareAsync("notifying");
        await b.Cloud.StartAsync();

        await bob.WaitForAsync(incoming, "state", "connected");
        await alice.WaitForShareAsync("connected");
    }
}
