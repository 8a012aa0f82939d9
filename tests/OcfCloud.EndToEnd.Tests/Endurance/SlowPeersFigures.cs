using System.Diagnostics;
using System.Globalization;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>
/// What each kind of slow, silent or greedy peer costs others, as a ratio within one run, and what a silent connection holds, for docs/reliability.md. By hand:
/// <code>dotnet run -c Release --project tests/OcfCloud.EndToEnd.Tests -- --explicit only --filter-class OcfCloud.EndToEnd.Endurance.SlowPeersFigures --show-live-output on</code>
/// </summary>
[Trait("Kind", "Figures")]
public sealed class SlowPeersFigures(ITestOutputHelper output)
{
    private const int Rounds = 3, Pairs = 8, Requests = 500, Silent = 10_000;

    [Fact(Explicit = true)]
    public async Task Others_p99_beside_each_kind_of_peer()
    {
        await using var cloud = await StartAsync();
        var user = await cloud.AddUserAsync("alice");
        var mallory = await cloud.AddUserAsync("mallory");
        var pairs = new List<Pair>();
        for (var n = 0; n < Pairs; n++) pairs.Add(await Pair.JoinAsync(user));
        await MeasureAsync(pairs);
        await ReportAsync("1,000 half-open handshakes", cloud, mallory, pairs, peers => peers.HalfOpenAsync(1_000));
        await ReportAsync("1,000 that send a byte a second", cloud, mallory, pairs, peers => peers.DrippingAsync(1_000));
        await ReportAsync("1,000 that are silent", cloud, mallory, pairs, peers => peers.SilentAsync(1_000));
        await ReportAsync("a device that does not read and is asked without end", cloud, mallory, pairs, peers => peers.DeafDeviceAsync());
        await ReportAsync("20 clients that ask and do not read", cloud, mallory, pairs, peers => peers.NeverReadingAsync(20, "/oic/res"));
        await ReportAsync("2 clients that ask without end", cloud, mallory, pairs, peers => peers.FloodingAsync(2, "/oic/res"));
        foreach (var pair in pairs) await pair.DisposeAsync();
    }

    [Fact(Explicit = true)]
    public async Task Ten_thousand_connections_that_never_sign_in()
    {
        await using var cloud = await StartAsync("Devices:SignInTimeout=00:10:00", "Devices:MaxConnectionsPerAddress=20000", "Devices:MaxHandshakesPerAddress=20000");
        var user = await cloud.AddUserAsync("alice");
        var pairs = new List<Pair>();
        for (var n = 0; n < Pairs; n++) pairs.Add(await Pair.JoinAsync(user));
        await MeasureAsync(pairs);
        var alone = await MeasureAsync(pairs);
        var memory = cloud.ResidentBytes();
        await using (var peers = new SlowPeers(cloud, user))
        {
            var begun = Stopwatch.GetTimestamp();
            var opening = peers.SilentAsync(Silent);
            var meanwhile = await MeasureAsync(pairs);
            await opening;
            var opened = Stopwatch.GetElapsedTime(begun);
            var held = cloud.ResidentBytes() - memory;
            var beside = await MeasureAsync(pairs);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Silent} silent connections, opened in {opened.TotalSeconds:f0} s: {held / Silent / 1024.0:f1} KiB each; p99 alone {alone:f2} ms, while they open {meanwhile:f2} ms, beside them {beside:f2} ms ({beside / alone:f2}x)"));
        }

        foreach (var pair in pairs) await pair.DisposeAsync();
    }

    private static Task<Cloud> StartAsync(params string[] settings) =>
        Cloud.StartAsync(settings: [CloudFixture.LongTokens, "Devices:TwinSpread=1.00:00:00", "Devices:HandshakeTimeout=00:01:00", "Logging:MaxRepeated=1", .. settings]);

    private async Task ReportAsync(string what, Cloud cloud, CloudUser mallory, List<Pair> pairs, Func<SlowPeers, Task> attack)
    {
        var (ratios, memory) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var alone = await MeasureAsync(pairs);
            var before = cloud.ResidentBytes();
            await using var peers = new SlowPeers(cloud, mallory);
            await attack(peers);
            ratios.Add(await MeasureAsync(pairs) / alone);
            memory.Add((cloud.ResidentBytes() - before) / 1048576.0);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: others' p99 {string.Join(", ", ratios.Select(r => r.ToString("f2", CultureInfo.InvariantCulture)))}x; memory {string.Join(", ", memory.Select(m => m.ToString("f0", CultureInfo.InvariantCulture)))} MiB more"));
    }

    /// <summary>The 99th percentile of requests that all pairs make beside one another, in milliseconds.</summary>
    private static async Task<double> MeasureAsync(List<Pair> pairs)
    {
        var times = await Task.WhenAll(pairs.Select(pair => Task.Run(async () =>
        {
            var taken = new List<double>(Requests);
            for (var n = 0; n < Requests; n++)
            {
                var begun = Stopwatch.GetTimestamp();
                Assert.Equal("2.05", (await pair.Client.RequestAsync("GET", pair.PathOf("/light"))).CodeText);
                taken.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            return taken;
        })));
        var all = times.SelectMany(t => t).Order().ToList();
        return all[(int)(all.Count * 0.99)];
    }
}
