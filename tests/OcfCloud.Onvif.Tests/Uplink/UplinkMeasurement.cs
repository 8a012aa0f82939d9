using System.Diagnostics;
using System.Globalization;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Tests.Uplink.Support;

namespace OcfCloud.Onvif.Tests.Uplink;

/// <summary>Figures, by an HTTP/2 stack that is not .NET's; run by name alone (<c>--explicit only</c>), for as many as <c>OCFCLOUD_UPLINKS</c> says.</summary>
[Trait("Kind", "Figures")]
public sealed class UplinkMeasurement(UplinkStores stores, ITestOutputHelper output) : IClassFixture<UplinkStores>
{
    private static readonly int Count = int.Parse(Environment.GetEnvironmentVariable("OCFCLOUD_UPLINKS") ?? "2000", CultureInfo.InvariantCulture);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Idle_uplinks_held_per_GiB()
    {
        await using var cloud = await UplinkCloud.StartAsync(await stores.OnAsync(StoreProvider.Sqlite), isLogged: false);
        var cameras = Enumerable.Range(0, Count).Select(_ => Guid.NewGuid()).ToList();
        await cloud.Store.WriteAsync(
            (context, _) =>
            {
                foreach (var id in cameras)
                {
                    context.Add(new Camera { Id = id, UserId = cloud.User, ClientId = $"cam-{id:N}" });
                    context.Add(new DeviceClientKey { Thumbprint = id.ToString("N"), ClientId = $"cam-{id:N}", Jwk = "{}", CertificationRequest = [] });
                }

                return Task.CompletedTask;
            },
            Ending);
        var before = Resident();
        using var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Uplink", "Support", "cameras.mjs"), cloud.Url.Authority])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            foreach (var id in cameras) await node.StandardInput.WriteLineAsync($"{TestCredentials.Good}cam-{id:N}".AsMemory(), Ending);
            node.StandardInput.Close();
            Assert.Equal($"open {Count.ToString(CultureInfo.InvariantCulture)}", await node.StandardOutput.ReadLineAsync(Ending));
            await Task.Delay(TimeSpan.FromSeconds(5), Ending);
            Assert.All(cameras, id => Assert.True(cloud.Connections.IsConnected(id)));
            var (atOnce, cpu) = (Resident(), Process.GetCurrentProcess().TotalProcessorTime);
            await Task.Delay(TimeSpan.FromSeconds(20), Ending);
            cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            var settled = Resident();
            Assert.All(cameras, id => Assert.True(cloud.Connections.IsConnected(id)));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Count} uplinks: {(atOnce - before) / Count / 1024} KiB each, {(settled - before) / Count / 1024} KiB after a full collection ({GC.GetTotalMemory(false) / Count / 1024} managed in all); {(1L << 30) / Math.Max(1, (settled - before) / Count)} per GiB; pings: {cpu.TotalSeconds / 20:P1} of a core"));
        }
        finally
        {
            node.Kill();
        }
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
