using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>
/// The real host, on ports that the system chose, with a data directory of its own: in a process of its own, or, where nobody stops it and reads its log, beside others in
/// that of <see cref="SharedHosts"/>.
/// </summary>
internal sealed class Cloud : IAsyncDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder;
    private readonly TestStore _store;
    private readonly string[] _settings;
    private readonly ConcurrentDictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);
    private IReadOnlyList<(string, string?)> _environment = [];
    private RunningProgram? _host;
    private bool _isShared;
    private (int Host, Task<HostEnd> End)? _sharing;

    private Cloud(TemporaryFolder folder, TestStore store, string[] settings) => (_folder, _store, _settings) = (folder, store, settings);

    public string DataDirectory => _folder.File("data");

    /// <summary>Where its state is.</summary>
    public TestStore Store => _store;

    /// <summary>Its own process.</summary>
    public RunningProgram Host => _host ?? throw new InvalidOperationException(_isShared ? "The cloud has no process of its own." : "The cloud is not running.");

    public IPEndPoint Coaps { get; private set; } = new(IPAddress.Loopback, 0);

    public Uri Https { get; private set; } = new("https://127.0.0.1");

    public Uri Http { get; private set; } = new("http://127.0.0.1");

    /// <summary>The endpoint of cameras.</summary>
    public Uri Uplink { get; private set; } = new("https://127.0.0.1");

    public Guid Sid { get; private set; }

    public X509Certificate2 Authority => X509CertificateLoader.LoadCertificateFromFile(Pki("cloud-ca.pem"));

    public string Pki(string file) => Path.Combine(DataDirectory, "pki", file);

    /// <summary>Makes a cloud and waits until it serves. Settings are <c>Devices:IdlePing=00:00:05</c>, without the prefix.</summary>
    public static Task<Cloud> StartAsync(TestStore? store = null, params string[] settings)
    {
        return StartedAsync(new Cloud(new TemporaryFolder(), store ?? TestStore.Sqlite, settings));
    }

    /// <summary>The same in the process of <see cref="SharedHosts"/>.</summary>
    public static Task<Cloud> StartSharedAsync(TestStore store, params string[] settings) => StartedAsync(new Cloud(new TemporaryFolder(), store, settings) { _isShared = true });

    /// <summary>The same where the host's process has more in its environment.</summary>
    public static Task<Cloud> StartAsync(IReadOnlyList<(string, string?)> environment, params string[] settings) =>
        StartedAsync(new Cloud(new TemporaryFolder(), TestStore.Sqlite, settings) { _environment = environment });

    /// <summary>The same where something has to be done with the data directory before.</summary>
    public static Task<Cloud> StartAsync(Action<string> prepare, params string[] settings)
    {
        var cloud = new Cloud(new TemporaryFolder(), TestStore.Sqlite, settings);
        prepare(Directory.CreateDirectory(cloud.DataDirectory).FullName);
        return StartedAsync(cloud);
    }

    /// <summary>Makes a cloud whose certificates are of the given authority, and that trusts it: clouds of one test trust one another.</summary>
    public static Task<Cloud> StartAsync(SharedAuthority authority, TestStore store, bool isShared, params string[] settings)
    {
        var cloud = new Cloud(new TemporaryFolder(), store, [$"Outbound:TrustAnchors:0={authority.CertificatePath}", .. settings]) { _isShared = isShared };
        authority.CopyTo(cloud.Pki("cloud-ca.pem"), cloud.Pki("cloud-ca.key"));
        return StartedAsync(cloud);
    }

    /// <summary>Starts a cloud on a coaps port that its settings name.</summary>
    public static async Task<Cloud> StartAtAsync(Func<IPEndPoint, string> setting, params string[] settings)
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var endpoint = (IPEndPoint)free.LocalEndPoint!;
        free.Close();
        return await StartedAsync(new Cloud(new TemporaryFolder(), TestStore.Sqlite, [setting(endpoint), .. settings]) { Coaps = endpoint, _isShared = true });
    }

    /// <summary>Starts the host again on the ports that it had before.</summary>
    public async Task StartAsync()
    {
        // A killed host leaves its file behind.
        Directory.CreateDirectory(DataDirectory);
        File.Delete(Path.Combine(DataDirectory, "host.json"));
        if (_isShared) _sharing = await SharedHosts.Shared.StartAsync([.. Arguments(), .. _store.Arguments]);
        else _host = Launch([]);
        using var document = JsonDocument.Parse(await ReadHostFileAsync());
        var root = document.RootElement;
        Assert.Equal(_isShared ? SharedHosts.Shared.ProcessId : Host.Id, root.GetProperty("pid").GetInt32());
        Coaps = IPEndPoint.Parse(new Uri(root.GetProperty("coaps").GetString()!.Replace("coaps+tcp", "https", StringComparison.Ordinal)).Authority);
        Https = new Uri(root.GetProperty("https").GetString()!);
        Http = new Uri(root.GetProperty("http").GetString()!);
        Uplink = new Uri(root.GetProperty("uplink").GetString()!);
        Sid = root.GetProperty("sid").GetGuid();
    }

    /// <summary>The host as the operator starts it, or one of its commands.</summary>
    public RunningProgram Launch(IEnumerable<string> command, string? input = null) =>
        RunningProgram.Start("dotnet", ["exec", Repository.Program("OcfCloud.Host"), .. command, .. Arguments()], Environment(), _folder.Path, input);

    /// <summary>Runs a command of the host, beside the running one or without.</summary>
    public async Task<CommandResult> RunAsync(params string[] command)
    {
        await using var program = Launch(command, input: string.Empty);
        await program.WaitForExitAsync();
        return new CommandResult(program.ExitCode, program.Output, program.Errors);
    }

    /// <summary>The same without a process of its own: for what a test needs and does not test.</summary>
    public Task<CommandResult> ArrangeAsync(params string[] command) => CommandProcess.Shared.RunAsync([.. command, .. Arguments(), .. _store.Arguments]);

    public async Task KillAsync()
    {
        DropClients();
        await Host.DisposeAsync();
        _host = null;
    }

    /// <summary>SIGTERM and the end of the process: its exit code.</summary>
    public async Task<int> StopAsync()
    {
        DropClients();
        Host.Terminate();
        var code = await Host.WaitForExitAsync();
        await Host.DisposeAsync();
        _host = null;
        return code;
    }

    /// <summary>A client of the HTTPS door that trusts the cloud's private authority and nothing else; it connects from the given address.</summary>
    public HttpClient CreateHttpClient(string? bearer = null, IPAddress? from = null)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(Authority);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, SslOptions = new() { CertificateChainPolicy = trust } };
        if (from is not null)
        {
            handler.ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(from.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        var client = new HttpClient(handler) { BaseAddress = Https };
        if (bearer is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        }

        return client;
    }

    /// <summary>The one client of a bearer token, whose connection lasts; not to be disposed of.</summary>
    public HttpClient HttpClientOf(string bearer) => _clients.GetOrAdd(bearer, token => CreateHttpClient(token));

    /// <summary>Adds a user and gives the bearer token of its mediator.</summary>
    public async Task<CloudUser> AddUserAsync(string name)
    {
        (await ArrangeAsync("user", "add", name, "--json")).Succeeded();
        return await FindUserAsync(name);
    }

    public async Task<CloudUser> FindUserAsync(string name) =>
        new(this, name, (await ArrangeAsync("token", "create", "--user", name, "--scope", "mediator r:* w:*", "--lifetime", "01:00:00")).Succeeded().LastLine);

    /// <summary>The user whom Development makes, with the bearer token that it leaves for the simulator.</summary>
    public async Task<CloudUser> DemoUserAsync() =>
        new(this, "demo", (await File.ReadAllTextAsync(Path.Combine(DataDirectory, "simulator", "token"))).Trim());

    public async Task<string> CreateDeviceTokenAsync(string bearer, Guid? device = null)
    {
        using var answer = await HttpClientOf(bearer).PostAsJsonAsync("/mediator/v1/device-tokens", device is null ? new Dictionary<string, Guid>() : new() { ["di"] = device.Value });
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, $"{answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement.GetProperty("at").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        DropClients();
        if (_host is not null) await _host.DisposeAsync();
        if (_sharing is { } sharing)
        {
            await SharedHosts.Shared.StopAsync(sharing.Host);
            await sharing.End.WaitAsync(StartDeadline);
        }

        _folder.Dispose();
    }

    private static async Task<Cloud> StartedAsync(Cloud cloud)
    {
        try
        {
            await cloud.StartAsync();
            return cloud;
        }
        catch
        {
            await cloud.DisposeAsync();
            throw;
        }
    }

    // What their connections lead to is about to go.
    private void DropClients()
    {
        foreach (var (bearer, client) in _clients)
        {
            _clients.TryRemove(bearer, out _);
            client.Dispose();
        }
    }

    private async Task<string> ReadHostFileAsync()
    {
        var file = Path.Combine(DataDirectory, "host.json");
        using var deadline = new CancellationTokenSource(StartDeadline);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!File.Exists(file))
        {
            if (_sharing is { End: { IsCompleted: true } end } && await end is var ended)
            {
                _sharing = null;
                throw new InvalidOperationException($"The host ended with {ended.ExitCode}:\n{ended.Transcript}");
            }

            if (_host is { HasExited: true })
            {
                await Host.WaitForExitAsync();
                throw new InvalidOperationException($"The host ended with {Host.ExitCode}:\n{Host.Transcript}");
            }

            try
            {
                await poll.WaitForNextTickAsync(deadline.Token);
            }
            catch (OperationCanceledException exception)
            {
                throw new TimeoutException("The host did not come up:\n" + _host?.Transcript, exception);
            }
        }

        return await File.ReadAllTextAsync(file);
    }

    private IEnumerable<string> Arguments() =>
    [
        $"--OcfCloud:DataDirectory={DataDirectory}",
        $"--OcfCloud:Endpoints:Coaps={Coaps}",
        $"--OcfCloud:Endpoints:Https=127.0.0.1:{(Https.IsDefaultPort ? 0 : Https.Port)}",
        $"--OcfCloud:Endpoints:Http=127.0.0.1:{(Http.IsDefaultPort ? 0 : Http.Port)}",
        $"--OcfCloud:Endpoints:Uplink=127.0.0.1:{(Uplink.IsDefaultPort ? 0 : Uplink.Port)}",
        .. _settings.Select(setting => "--OcfCloud:" + setting),
    ];

    private IEnumerable<(string, string?)> Environment() =>
        [("ASPNETCORE_ENVIRONMENT", "Development"), ("DOTNET_ENVIRONMENT", "Development"), RunningProgram.ShortLived, .. _store.Environment, .. _environment];
}
