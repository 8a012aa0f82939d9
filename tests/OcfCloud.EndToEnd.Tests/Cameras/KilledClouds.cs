using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>Two clouds of one test class that are killed while a camera goes from one to the other; each has its own store, and comes back on it.</summary>
internal sealed class KilledClouds : IAsyncDisposable
{
    /// <summary>How a camera misbehaves that answers slowly enough for a kill to hit between the noting of one step and the noting of the next.</summary>
    public const string Slow = "latency=100";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    private readonly SharedAuthority _authorityOfA = new(), _authorityOfB = new();

    private KilledClouds()
    {
    }

    public CameraCloud A { get; private set; } = null!;

    public CameraCloud B { get; private set; } = null!;

    public static async Task<KilledClouds> StartAsync()
    {
        var clouds = new KilledClouds();
        clouds.A = await CameraCloud.StartAsync("alice", clouds._authorityOfA, TestStore.Sqlite, [clouds._authorityOfB.CertificatePath]);
        clouds.B = await CameraCloud.StartAsync("bob", clouds._authorityOfB, TestStore.Sqlite, [clouds._authorityOfA.CertificatePath]);
        return clouds;
    }

    /// <summary>Kills A whenever a further step of a share is noted, until the share is through. To look at the camera changes nothing there: such steps are not counted.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="path">Of the share.</param>
    /// <param name="end">The state that it comes to.</param>
    /// <param name="atLeast">Kills: else the test was none.</param>
    /// <param name="isThrough">Says whether the state is all; null: it is.</param>
    public async Task KillAfterEveryStepAsync(CameraOwner owner, string path, string end, int atLeast, Func<Task<bool>>? isThrough = null)
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
            await A.Cloud.KillAsync();
            await A.Cloud.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await A.DisposeAsync();
        await B.DisposeAsync();
        _authorityOfA.Dispose();
        _authorityOfB.Dispose();
    }
}
