using System.Net;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>Clouds that are killed while a camera goes from one to the other; each has its own store, and comes back on it.</summary>
public sealed class KilledCloudTests : IAsyncLifetime
{
    private const string Slow = "latency=100";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly SharedAuthority _authorityOfA = new(), _authorityOfB = new();
    private CameraCloud _a = null!;
    private CameraCloud _b = null!;

    public async ValueTask InitializeAsync()
    {
        _a = await CameraCloud.StartAsync("alice", _authorityOfA, TestStore.Sqlite, [_authorityOfB.CertificatePath]);
        _b = await CameraCloud.StartAsync("bob", _authorityOfB, TestStore.Sqlite, [_authorityOfA.CertificatePath]);
    }

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
        _authorityOfA.Dispose();
        _authorityOfB.Dispose();
    }

    [Fact]
    public async Task A_camera_is_configured_once_although_its_cloud_is_killed_after_every_step()
    {
        var (alice, bob) = (await _a.AddOwnerAsync(), await _b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice, Slow);
        var before = await camera.Soap.ContentsAsync();
        var incoming = await bob.AskForAsync(await alice.IssueAsync());
        var path = await alice.SharePathAsync();

        await KillAfterEveryStepAsync(alice, path, "connected", atLeast: 7);

        await bob.WaitForAsync(incoming, "state", "connected");
        await camera.WaitForUplinksAsync(_a);
        await camera.WaitForUplinksAsync(_b);

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
    public async Task A_camera_is_as_before_although_its_cloud_is_killed_after_every_step_of_work_that_fails()
    {
        var (alice, bob) = (await _a.AddOwnerAsync(), await _b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice, Slow, "fault=SetUplink");
        var before = await camera.Soap.ContentsAsync();
        await bob.AskForAsync(await alice.IssueAsync());

        await KillAfterEveryStepAsync(alice, await alice.SharePathAsync(), "failed", atLeast: 5, () => IsAsBeforeAsync(camera, before));

        await Eventually.EqualAsync(before, camera.Soap.ContentsAsync, TimeSpan.FromSeconds(30));
        await alice.ReadInformationAsync();
    }

    [Fact]
    public async Task A_cloud_that_is_down_when_it_is_told_is_told_when_it_is_back()
    {
        var (alice, bob) = (await _a.AddOwnerAsync(), await _b.AddOwnerAsync());
        await using var camera = await SimulatedCamera.StartAsync(alice);
        await camera.SwitchOffAsync();
        await alice.WaitForCameraAsync("offline");
        var incoming = await bob.AskForAsync(await alice.IssueAsync());
        await bob.WaitForAsync(incoming, "state", "requested");

        await _b.Cloud.KillAsync();
        await camera.SwitchOnAsync();
        await alice.WaitForShareAsync("notifying");
        await _b.Cloud.StartAsync();

        await bob.WaitForAsync(incoming, "state", "connected");
        await alice.WaitForShareAsync("connected");
    }

    private static async Task<bool> IsAsBeforeAsync(SimulatedCamera camera, string before) => await camera.Soap.ContentsAsync() == before;

    // The camera answers slowly enough that each kill hits A between the noting of one step and the noting of the next. To look at the camera changes nothing there.
    private async Task KillAfterEveryStepAsync(CameraOwner owner, string path, string end, int atLeast, Func<Task<bool>>? isThrough = null)
    {
        var deadline = DateTime.UtcNow + Deadline;
        for (var (kills, seen) = (0, 0); ;)
        {
            var share = await owner.GetAsync(path);
            Assert.True(DateTime.UtcNow < deadline, $"after {kills} kills: {share}");
            if (share.GetProperty("state").GetString() == end && (isThrough is null || await isThrough()))
            {
                Assert.True(kills >= atLeast, $"killed {kills} times: {share}");
                return;
            }

            var steps = share.GetProperty("steps").EnumerateArray().Count(step => !step.GetProperty("name").GetString()!.StartsWith("Get", StringComparison.Ordinal));
            if (steps == seen) continue;
            (kills, seen) = (kills + 1, steps);
            await _a.Cloud.KillAsync();
            await _a.Cloud.StartAsync();
        }
    }
}
