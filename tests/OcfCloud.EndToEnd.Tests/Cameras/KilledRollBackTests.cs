namespace OcfCloud.EndToEnd.Cameras;

/// <summary>The same where the work goes wrong, and where the other cloud is the one that is killed.</summary>
[Collection(nameof(KilledCloud))]
public sealed class KilledRollBackTests(KilledCloud killed)
{
    [Fact]
    public Task A_camera_is_as_before_although_its_cloud_is_killed_again_and_again_in_work_that_fails() => RollBackAsync(killed, every: 3, atLeast: 2);

    internal static async Task RollBackAsync(KilledCloud killed, int every, int atLeast)
    {
        var (a, b) = (killed.Victim, await killed.Other);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice, KilledCloud.Slow, "fault=SetUplink");
        var before = await camera.Soap.ContentsAsync();
        await bob.AskForAsync(await alice.IssueAsync());

        // Until then the work is what good work is, and that is killed beside this.
        await killed.KillAgainAndAgainAsync(await alice.SharePathAsync(), "RolledBack", atLeast, every, from: "SkipUplink");
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
