using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>HAProxy in front of a cloud, by the very configuration of docs/deployment.md: only addresses, ports and files are those of the test.</summary>
internal sealed class Balancer : IAsyncDisposable
{
    /// <summary>Where it connects to the cloud from.</summary>
    public const string Address = "127.0.0.8";

    private readonly TemporaryFolder _folder = new();
    private RunningProgram? _program;

    private Balancer()
    {
    }

    public IPEndPoint Coaps { get; private set; } = null!;

    public Uri Https { get; private set; } = null!;

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<Balancer> StartAsync(Cloud cloud)
    {
        var balancer = new Balancer();
        try
        {
            await balancer.LaunchAsync(cloud);
            return balancer;
        }
        catch
        {
            await balancer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null) await _program.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<string> DocumentedAsync()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "deployment.md"), TestContext.Current.CancellationToken);
        var block = Regex.Match(page, "^```haproxy\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline, TimeSpan.FromSeconds(1));
        Assert.True(block.Success, "docs/deployment.md has no configuration of HAProxy.");
        return block.Groups["text"].Value;
    }

    private async Task LaunchAsync(Cloud cloud)
    {
        await File.WriteAllTextAsync(
            _folder.File("balancer.pem"),
            await File.ReadAllTextAsync(cloud.Pki("cloud.pem")) + await File.ReadAllTextAsync(cloud.Pki("cloud.key")),
            TestContext.Current.CancellationToken);

        // HAProxy gives a server up whose very first health check is late, and the first request of a cloud takes the longest.
        using (var http = new HttpClient())
        {
            using var ready = await http.GetAsync(new Uri(cloud.Http, "/health/ready"), TestContext.Current.CancellationToken);
            ready.EnsureSuccessStatusCode();
        }

        Coaps = Free();
        var https = Free();
        Https = new Uri($"https://{https}");
        var configuration = await DocumentedAsync();
        foreach (var (documented, ours) in new[]
        {
            ("bind :5684", $"bind {Coaps}"), ("bind :8444", $"bind {Free()}"), ("bind :443", $"bind {https}"),
            ("10.0.0.11:5684", $"{cloud.Coaps} source {Address}"), ("10.0.0.11:8444", $"{cloud.Uplink.Authority} source {Address}"),
            ("10.0.0.11:8443", $"{cloud.Https.Authority} source {Address}"), ("check port 8080", $"check port {cloud.Http.Port}"),
            ("/etc/haproxy/cloud.example.pem", _folder.File("balancer.pem")), ("/etc/haproxy/cloud-ca.pem", cloud.Pki("cloud-ca.pem")), ("cloud.example", "localhost"),
        })
        {
            Assert.Contains(documented, configuration, StringComparison.Ordinal);
            configuration = configuration.Replace(documented, ours, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(_folder.File("haproxy.cfg"), configuration, TestContext.Current.CancellationToken);
        _program = RunningProgram.Start(File.Exists("/usr/sbin/haproxy") ? "/usr/sbin/haproxy" : "haproxy", ["-db", "-f", _folder.File("haproxy.cfg")]);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await ListensAsync(https))
        {
            Assert.False(_program.HasExited, _program.Transcript);
            await Task.Delay(20, deadline.Token);
        }
    }

    private static async Task<bool> ListensAsync(IPEndPoint endpoint)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static IPEndPoint Free()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)free.LocalEndPoint!;
    }
}
