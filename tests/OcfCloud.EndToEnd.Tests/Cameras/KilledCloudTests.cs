using System.Net;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>Clouds that are killed while a camera goes from one to the other; each has its own store, and comes back on it.</summary>
public sealed class KilledCloudTests : IAsyncLifetime
{
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
        // Slow enough that a kill hits between one answer and the next.
        await using var camera = await SimulatedCamera.StartAsync(alice, "latency=150");
        var incoming = await bob.AskForAsync(await alice.IssueAsync());
        var path = await alice.SharePathAsync();

        var kills = 0;
        for (var steps = 0; await ReachedAsync(alice, path, steps + 1) is { } reached; steps = reached)
        {
            await _a.Cloud.KillAsync();
            kills++;
            await _a.Cloud.StartAsync();
        }

        await bob.WaitForAsync(incoming, "state", "connected");
        var share = await alice.WaitForShareAsync("connected");
        Assert.True(kills >= 7, $"killed {kills} times: {share}");
        await camera.WaitForUplinksAsync(_a);
        await camera.WaitForUplinksAsync(_b);
        await AssertConfiguredOnceAsync(camera);
        await alice.AskAsync(HttpMethod.Delete, path, HttpStatusCode.Accepted);
        await alice.WaitForShareAsync("unshared");
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

    // The number of steps once there are that many; null once the share is through.
    private static async Task<int?> ReachedAsync(CameraOwner owner, string path, int steps)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (true)
        {
            var share = await owner.GetAsync(path);
            var count = share.GetProperty("steps").GetArrayLength();
            if (share.GetProperty("state").GetString() is "connected" or "failed") return null;
            if (count >= steps) return count;
            Assert.True(DateTime.UtcNow < deadline, share.ToString());
        }
    }

    private static async Task AssertConfiguredOnceAsync(SimulatedCamera camera)
    {
        // One key pair and one anchor's key each for A and B.
        Assert.Equal(4, (await camera.Soap.UplinksAsync()).Count);
        Assert.Equal(2, await camera.Soap.CountAsync("GetAuthorizationServerConfigurations", "Configuration"));
        Assert.Equal(2, await camera.Soap.CountAsync("GetAllCertPathValidationPolicies", "CertPathValidationPolicy"));
        Assert.Equal(2, await camera.Soap.CountAsync("GetAllCertificates", "Certificate"));
        Assert.Equal(4, await camera.Soap.CountAsync("GetAllKeys", "KeyAttribute"));
    }
}
