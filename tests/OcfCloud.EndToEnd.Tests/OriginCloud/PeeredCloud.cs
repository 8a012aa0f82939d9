using System.Net;
using System.Net.Sockets;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>One of two clouds of ours that are linked with one another. Its name is an address: a browser keeps cookies by host, whatever the port.</summary>
internal sealed class PeeredCloud : IAsyncDisposable
{
    public const string Password = "correct horse";

    private PeeredCloud(Cloud cloud, string host, CloudUser owner) => (Cloud, Host, Owner) = (cloud, host, owner);

    public Cloud Cloud { get; }

    public string Host { get; }

    /// <summary>The user whose devices are connected here.</summary>
    public CloudUser Owner { get; }

    /// <summary>The user who links an account of the other cloud.</summary>
    public CloudUser Linker { get; private set; } = null!;

    public string Url => $"https://{Host}:{Cloud.Https.Port}";

    public static async Task<PeeredCloud> StartAsync(SharedAuthority authority, TestStore store, string host)
    {
        var port = FreePort();
        var cloud = await Cloud.StartAsync(
            authority, store, isShared: false, $"Endpoints:Https=127.0.0.1:{port}", $"PublicUrl=https://{host}:{port}", "Outbound:AllowedNetworks:0=127.0.0.1/32", "Devices:TwinSpread=00:00:00",
            "Tokens:AccessTokenLifetime=01:00:00", "Events:DeliveryTimeout=00:00:02", "Events:RetryFirst=00:00:00.1", "Events:RetryMax=00:00:01", "Nodes:Lease=00:00:03",
            "Nodes:LeaseRenewal=00:00:01", "LinkedClouds:RequestTimeout=00:00:05", "LinkedClouds:RestTime=00:00:01", "LinkedClouds:ResubscribeDelay=00:00:01",
            "LinkedClouds:RetryFirst=00:00:00.2", "LinkedClouds:RetryMax=00:00:01", "LinkedClouds:ObservationRetry=00:00:01", "LinkedClouds:UnlinkRetryFirst=00:00:00.2");
        return new PeeredCloud(cloud, host, await cloud.DemoUserAsync());
    }

    /// <summary>Registers the other cloud as client here, and this as its linked cloud there.</summary>
    public async Task MakeTargetOfAsync(PeeredCloud origin, string nameHere, string nameThere)
    {
        (await Cloud.ArrangeAsync("user", "password", Owner.Name, "--password", Password)).Succeeded();
        var client = (await Cloud.ArrangeAsync("client", "add", nameHere, "--redirect-uri", $"{origin.Url}/linked-clouds/{nameThere}/callback", "--json")).Succeeded().Json;
        (await origin.Cloud.ArrangeAsync(
            "cloud", "add", nameThere, "--url", Url, "--client-id", client.GetProperty("client_id").GetString()!, "--client-secret", client.GetProperty("client_secret").GetString()!)).Succeeded();
    }

    public async Task AddLinkerAsync(string name)
    {
        (await Cloud.ArrangeAsync("user", "add", name, "--password", Password)).Succeeded();
        Linker = await Cloud.FindUserAsync(name);
    }

    /// <summary>A simulated device of the owner.</summary>
    public async Task<RunningProgram> StartDeviceAsync(string kind)
    {
        var device = RunningProgram.Start("dotnet", ["exec", Repository.Program("OcfCloud.Simulator"), "device", kind, "--data", Cloud.DataDirectory]);
        await device.WaitForAsync("signed in");
        return device;
    }

    public ValueTask DisposeAsync() => Cloud.DisposeAsync();

    private static int FreePort()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)free.LocalEndPoint!).Port;
    }
}
