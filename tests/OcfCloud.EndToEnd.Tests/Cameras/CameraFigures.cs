using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>
/// What cameras cost, for bench/README.md. By hand, on a machine that does nothing else:
/// <code>dotnet run -c Release --project tests/OcfCloud.EndToEnd.Tests -- --explicit only --filter-class OcfCloud.EndToEnd.Cameras.CameraFigures --show-live-output on</code>
/// </summary>
[Trait("Kind", "Figures")]
public sealed class CameraFigures(PostgreSqlFixture postgreSql, ITestOutputHelper output)
{
    private const int Rounds = 10, Uplinks = 1_000, Callers = 64, IdleUplinks = 4_000;

    // Each has a key and a connection of its own: as many as are made at once.
    private const int Joining = 16;

    private static readonly TimeSpan Calling = TimeSpan.FromSeconds(10), Idling = TimeSpan.FromSeconds(30);

    [Fact(Explicit = true)]
    public async Task From_startDeviceSharing_to_connected_with_a_camera_that_is_online()
    {
        postgreSql.Require();
        using var authorityOfA = new SharedAuthority();
        using var authorityOfB = new SharedAuthority();
        await using var a = await CameraCloud.StartAsync("alice", authorityOfA, TestStore.Sqlite, [authorityOfB.CertificatePath], isShared: false);
        await using var b = await CameraCloud.StartAsync(
            "bob", authorityOfB, new TestStore("PostgreSql", await postgreSql.CreateMigratedDatabaseAsync()), [authorityOfA.CertificatePath], isShared: false);
        List<double> times = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var (alice, bob) = (await a.AddOwnerAsync(), await b.AddOwnerAsync());
            await using var camera = await SimulatedCamera.StartAsync(alice);
            var token = await alice.IssueAsync();
            var started = Stopwatch.GetTimestamp();
            await bob.WaitForAsync(await bob.AskForAsync(token), "state", "connected");

            // The first one warms both up.
            if (round > 0) times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        times.Sort();
        Write($"{Rounds} shares, from the confirmation to connected at B: median {times[times.Count / 2]:f2} s, {times[0]:f2} to {times[^1]:f2} s");
    }

    [Fact(Explicit = true)]
    public async Task Calls_per_second_over_a_thousand_uplinks()
    {
        using var authority = new SharedAuthority();
        await using var cloud = await StartAsync(authority);
        var (owner, uplinks) = await ConnectAsync(cloud, Uplinks);
        var ids = (await owner.CamerasAsync()).Select(camera => camera.GetProperty("id").GetString()!).ToArray();
        for (var round = 0; round < 3; round++)
        {
            var (calls, started) = (0, Stopwatch.GetTimestamp());
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
            {
                for (var n = caller; Stopwatch.GetElapsedTime(started) < Calling; n += Callers)
                {
                    await owner.AskAsync(HttpMethod.Post, $"cameras/{ids[n % ids.Length]}/information", HttpStatusCode.OK);
                    Interlocked.Increment(ref calls);
                }
            }));
            Write($"round {round}: {calls / Stopwatch.GetElapsedTime(started).TotalSeconds:f0} calls a second by {Callers} callers of the API over {Uplinks} uplinks");
        }

        foreach (var uplink in uplinks) await uplink.DisposeAsync();
    }

    [Fact(Explicit = true)]
    public async Task Idle_uplinks_in_a_gibibyte()
    {
        using var authority = new SharedAuthority();
        await using var cloud = await StartAsync(authority);
        var (_, first) = await ConnectAsync(cloud, Uplinks);
        var before = ResidentBytes(cloud);
        var (_, more) = await ConnectAsync(cloud, IdleUplinks);
        // Until what the connecting cost is collected, and each was asked for a sign of life a few times.
        await Task.Delay(Idling, TestContext.Current.CancellationToken);
        var after = ResidentBytes(cloud);
        var each = (after - before) / (double)IdleUplinks;
        Write($"{Uplinks} uplinks: {before >> 20} MiB resident; {Uplinks + IdleUplinks}: {after >> 20} MiB; {each / 1024:f1} KiB each, {(1 << 30) / each:f0} in a GiB");
        foreach (var uplink in first.Concat(more)) await uplink.DisposeAsync();
    }

    private static Task<CameraCloud> StartAsync(SharedAuthority authority) => CameraCloud.StartAsync("alice", authority, TestStore.Sqlite, [], isShared: false, "Onvif:MaxCamerasPerUser=100000");

    private static async Task<(CameraOwner Owner, IReadOnlyCollection<PlainUplink> Uplinks)> ConnectAsync(CameraCloud cloud, int count)
    {
        var owner = await cloud.AddOwnerAsync();
        var uplinks = new ConcurrentBag<PlainUplink>();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Joining }, async (n, _) =>
        {
            var (client, _) = await CameraClient.EnrolAsync(owner);
            using (client)
            {
                var (token, _) = await client.AskForTokenAsync(cloud);
                var (status, uplink) = await PlainUplink.ConnectAsync(cloud, token, $"SN-{n}");
                Assert.Equal(101, status);
                uplinks.Add(uplink!);
            }
        });
        await Eventually.EqualAsync(count, async () => (await owner.CamerasAsync()).Count(camera => camera.GetProperty("status").GetString() == "online"), TimeSpan.FromMinutes(2));
        return (owner, uplinks);
    }

    private static long ResidentBytes(CameraCloud cloud)
    {
        using var process = Process.GetProcessById(cloud.Cloud.Host.Id);
        return process.WorkingSet64;
    }

    private void Write(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
