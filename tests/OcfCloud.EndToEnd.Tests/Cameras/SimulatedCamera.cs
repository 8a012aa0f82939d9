using System.Security.Cryptography;
using System.Text.Json;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>The simulator's camera, in a process and a folder of its own.</summary>
internal sealed class SimulatedCamera : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CameraOwner _owner;
    private readonly string[] _options;
    private RunningProgram? _program;
    private CameraSoap? _soap;

    private SimulatedCamera(CameraOwner owner, string[] options) => (_owner, _options) = (owner, options);

    /// <summary>What it says of itself, asked from beside it.</summary>
    public CameraSoap Soap => _soap ?? throw new InvalidOperationException("The camera is off.");

    /// <summary>Starts a camera that enrols itself for a user, and waits until it is online there by both kinds of uplink.</summary>
    /// <param name="owner">Who has no other.</param>
    /// <param name="misbehaviour">Such as <c>fault=SetUplink</c>.</param>
    public static async Task<SimulatedCamera> StartAsync(CameraOwner owner, params string[] misbehaviour)
    {
        var camera = new SimulatedCamera(owner, [.. misbehaviour.SelectMany(word => (string[])["--misbehave", word])]);
        try
        {
            await camera.SwitchOnAsync();
            await owner.WaitForCameraAsync("online");
            return camera;
        }
        catch
        {
            await camera.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, anew or with what it kept.</summary>
    public async Task SwitchOnAsync()
    {
        _program = RunningProgram.Start(
            "dotnet",
            [
                "exec", Repository.Program("OcfCloud.Simulator"), "camera", "--data", _folder.Path, "--url", _owner.Home.Url, "--token", _owner.Bearer, "--ca", _owner.Home.AuthorityPath,
                "--listen", "127.0.0.1:0", "--reconnect-first", "00:00:00.3", "--reconnect-max", "00:00:01", .. _options,
            ],
            [RunningProgram.ShortLived]);
        var line = await _program.WaitForAsync("listens at (http://127\\.0\\.0\\.1:[0-9]+)");
        _soap = new CameraSoap(new Uri(line.Groups[1].Value));
    }

    /// <summary>Pulls its plug.</summary>
    public async Task SwitchOffAsync()
    {
        _soap?.Dispose();
        _soap = null;
        if (_program is not null) await _program.DisposeAsync();
        _program = null;
    }

    /// <summary>Waits until every uplink below an address is connected.</summary>
    public Task WaitForUplinksAsync(CameraCloud cloud, int count = 2, string? userLevel = null) => Eventually.EqualAsync(
        count,
        async () => (await UplinksAsync(cloud)).Count(u => u.Status == "Connected" && (userLevel is null || u.UserLevel == userLevel)),
        TimeSpan.FromSeconds(40));

    /// <summary>The uplinks that lead to a cloud.</summary>
    public async Task<IReadOnlyList<UplinkEntry>> UplinksAsync(CameraCloud cloud) =>
        [.. (await Soap.UplinksAsync()).Where(u => u.RemoteAddress == cloud.UplinkHttps || u.RemoteAddress == cloud.UplinkWss)];

    /// <summary>What a thief of the camera would have: a client id and its key, for the metadata document that a cloud has.</summary>
    public async Task<CameraClient> StealAsync(CameraCloud cloud)
    {
        using var state = JsonDocument.Parse(await File.ReadAllTextAsync(_folder.File("simulator", "camera-1.json"), TestContext.Current.CancellationToken));
        var server = state.RootElement.GetProperty("authorizationServers").EnumerateArray().Single(s => s.GetProperty("serverUri").GetString() == cloud.ServerUri);
        var pair = state.RootElement.GetProperty("keys").EnumerateArray().Single(k => k.GetProperty("id").GetString() == server.GetProperty("keyId").GetString());
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(pair.GetProperty("privateKey").GetBytesFromBase64(), out _);
        return new CameraClient(server.GetProperty("clientId").GetString()!, key);
    }

    public string Transcript => _program?.Transcript ?? "";

    public async ValueTask DisposeAsync()
    {
        await SwitchOffAsync();
        _folder.Dispose();
    }
}
