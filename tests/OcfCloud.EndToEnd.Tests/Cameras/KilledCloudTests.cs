using System.Net;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>
/// The provisioning cloud is killed again and again while it works on a camera, and comes back on its store. That a death after each single call to the camera does no
/// harm is shown by the room's own tests; after each step that is noted, in <see cref="KilledCloudFigures"/>.
/// </summary>
[Collection(nameof(KilledCloud))]
public sealed class KilledCloudTests(KilledCloud killed)
{
    [Fact]
    public Task A_camera_is_configured_once_although_its_cloud_is_killed_again_and_again() => ConfigureAsync(killed, every: 3, atLeast: 3);

    internal static async Task ConfigureAsync(KilledCloud killed, int every, int atLeast)
    {
        var (a, b) = (killed.Victim, await killed.Other);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice, KilledCloud.Slow);
        var before = await camera.Soap.ContentsAsync();
        var incoming = await bob.AskForAsync(await alice.IssueAsync());
        var path = await alice.SharePathAsync();

        await killed.KillAgainAndAgainAsync(path, "Connected", atLeast, every);

        await bob.WaitForAsync(incoming, "state", "connected");
        await camera.WaitForUplinksAsync(a);
        await camera.WaitForUplinksAsync(b);

        // One key pair and one anchor's key each for A and B.
        Assert.Equal(4, (await camera.Soap.UplinksAsync()).Count);
        Assert.Equal(2, await camera.Soap.CountAsync("GetAuthorizationServerConfigurations", "Configuration"));
        Assert.Equal(2, await camera.Soap.CountAsync("GetAllCertPathValidationPolicies", "CertPathValidationPolicy"));
        Assert.Equal(2, await camera.Soap.CountAsync("GetAllCertificates", "Certificate"));
        Assert.Equal(4, await camera.Soap.CountAsync("GetAllKeys", "KeyAttribute"));
        await alice.ReadInformationAsync();

        // What was noted through all the kills suffices to take everything back.
        await alice.AskAsync(HttpMethod.Delete, path, HttpStatusCode.Accepted);
        await alice.WaitForShareAsync("unshared");
        Assert.Equal(before, await camera.Soap.ContentsAsync());
    }

    [Fact]
    public async Task A_transferred_camera_is_the_other_clouds_alone_although_its_cloud_is_killed_while_it_lets_go()
    {
        var (a, b) = (killed.Victim, await killed.Other);
        var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice, KilledCloud.Slow);
        using var stolen = await camera.StealAsync(a);
        var (accessToken, _) = await stolen.AskForTokenAsync(a);
        var incoming = await bob.AskForAsync(await alice.IssueAsync("transfer"));

        // Until then the work is that of a share. After the first kill the camera has to come back before it is let go, after the second it cannot.
        await killed.KillAgainAndAgainAsync(await alice.SharePathAsync(), "DeleteUplink", atLeast: 2, every: 1, from: "Connected");

        await alice.WaitForShareAsync("transferred");
        Assert.Equal("transferred", (await alice.CameraAsync()).GetProperty("status").GetString());
        Assert.Equal(401, (await PlainUplink.ConnectAsync(a, accessToken)).Status);
        Assert.Equal((null, "invalid_client"), await stolen.AskForTokenAsync(a));
        await bob.WaitForAsync(incoming, "state", "connected");
        await camera.WaitForUplinksAsync(b, userLevel: "Administrator");
        await bob.ReadInformationAsync();
    }
}
