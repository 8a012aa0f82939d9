using System.Diagnostics;
using System.Globalization;
using OcfCloud.EndToEnd.Devices;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>
/// What a way through two clouds costs, for bench/README.md. By hand, on a machine that does nothing else:
/// <code>dotnet run -c Release --project tests/OcfCloud.EndToEnd.Tests -- --explicit only --filter-class OcfCloud.EndToEnd.OriginCloud.TwoCloudsFigures --show-live-output on</code>
/// </summary>
[Trait("Kind", "Figures")]
public sealed class TwoCloudsFigures(PostgreSqlFixture postgreSql, ITestOutputHelper output)
{
    private const int Devices = 1_000, Rounds = 3, Requests = 1_000;

    // Each has a connection and a certificate of its own: as many as are made at once.
    private const int Joining = 8;

    private static readonly string[] Hrefs = ["/a", "/b", "/c", "/d", "/e"];

    [Fact(Explicit = true)]
    public async Task A_request_through_A_to_a_device_at_B_beside_the_same_request_at_B()
    {
        await using var clouds = await TwoClouds.StartAsync(postgreSql);
        await using var device = new TestDevice(clouds.B.Cloud, ("/light", "oic.r.light"));
        await device.JoinAsync(clouds.B.Owner);
        await using var near = new TestDevice(clouds.B.Cloud);
        await near.JoinAsync(clouds.B.Owner);
        await using var far = new TestDevice(clouds.A.Cloud);
        await far.JoinAsync(clouds.A.Linker);
        await using (var chromium = await Chromium.StartAsync(script: false)) await TwoCloudsTests.LinkAsync(chromium.Page, clouds.A, clouds.B);
        await Eventually.EqualAsync("2.05", async () => (await far.RequestAsync("GET", device.PathOf("/light"))).CodeText, TimeSpan.FromSeconds(30));

        await MeasureAsync(near, device);
        await MeasureAsync(far, device);
        for (var round = 0; round < Rounds; round++)
        {
            var (atB, throughA) = (await MeasureAsync(near, device), await MeasureAsync(far, device));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"round {round}: at B median {Of(atB, 0.5):f3} ms, p99 {Of(atB, 0.99):f3}; through A median {Of(throughA, 0.5):f3} ms, p99 {Of(throughA, 0.99):f3}; added {Of(throughA, 0.5) - Of(atB, 0.5):f3} ms"));
        }
    }

    [Fact(Explicit = true)]
    public async Task To_mirror_a_thousand_devices_with_five_resources_each()
    {
        await using var clouds = await TwoClouds.StartAsync(postgreSql);
        var devices = Enumerable.Range(0, Devices).Select(_ => new TestDevice(clouds.B.Cloud, [.. Hrefs.Select(href => (href, "x" + href.Replace('/', '.')))])).ToList();
        await Parallel.ForEachAsync(devices, new ParallelOptions { MaxDegreeOfParallelism = Joining }, async (device, _) => await device.JoinAsync(clouds.B.Owner));
        await using var client = new TestDevice(clouds.A.Cloud);
        await client.JoinAsync(clouds.A.Linker);

        await using var chromium = await Chromium.StartAsync(script: false);
        await TwoCloudsTests.LinkAsync(chromium.Page, clouds.A, clouds.B);
        var linked = Stopwatch.GetTimestamp();
        while ((await client.DiscoverAsync("?rt=x.e")).Count < Devices)
        {
            // The client asks again as soon as it was answered.
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Devices} devices are discovered {Stopwatch.GetElapsedTime(linked).TotalSeconds:f1} s after the console's answer to the link"));
        foreach (var device in devices) await device.DisposeAsync();
    }

    private static async Task<double[]> MeasureAsync(TestDevice client, TestDevice device)
    {
        var times = new double[Requests];
        for (var n = 0; n < Requests; n++)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.Equal("2.05", (await client.RequestAsync("GET", device.PathOf("/light"))).CodeText);
            times[n] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        return times;
    }

    private static double Of(double[] sorted, double part) => sorted[(int)((sorted.Length - 1) * part)];

    /// <summary>A is the Origin, B the Target, as shipped: SQLite and PostgreSQL.</summary>
    private sealed class TwoClouds(SharedAuthority authority, PeeredCloud a, PeeredCloud b) : IAsyncDisposable
    {
        public PeeredCloud A => a;

        public PeeredCloud B => b;

        public static async Task<TwoClouds> StartAsync(PostgreSqlFixture postgreSql)
        {
            postgreSql.Require();
            var authority = new SharedAuthority();
            var a = await PeeredCloud.StartAsync(authority, TestStore.Sqlite, "localhost");
            var b = await PeeredCloud.StartAsync(authority, new TestStore("PostgreSql", await postgreSql.CreateMigratedDatabaseAsync()), "127.0.0.1");
            await a.AddLinkerAsync("alice");
            await b.MakeTargetOfAsync(a, "Cloud A", "cloud-b");
            return new TwoClouds(authority, a, b);
        }

        public async ValueTask DisposeAsync()
        {
            await a.DisposeAsync();
            await b.DisposeAsync();
            authority.Dispose();
        }
    }
}
