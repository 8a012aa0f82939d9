using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>The Target Cloud of <c>tests/strict-target</c>: a program that shares no line with ours, follows the official document to the letter and does what a test tells it.</summary>
internal sealed class StrictTarget : IAsyncDisposable
{
    public const string ClientId = "origin & co", ClientSecret = "p%ss:w+rd /";

    /// <summary>A light with <c>/light</c>: <c>{value, brightness}</c>.</summary>
    public static readonly Guid Light = new("5a0d2c1e-0000-4000-8000-000000000001");

    /// <summary>A sensor with <c>/temperature</c>: <c>{temperature, units}</c>; it cannot be written.</summary>
    public static readonly Guid Sensor = new("5a0d2c1e-0000-4000-8000-000000000002");

    private readonly RunningProgram _program;
    private readonly HttpClient _control;

    private StrictTarget(RunningProgram program, X509Certificate2 certificate, string url, string control)
    {
        _program = program;
        Certificate = certificate;
        Url = url;
        _control = new HttpClient { BaseAddress = new Uri(control) };
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>The base URL, and the issuer.</summary>
    public string Url { get; }

    /// <summary>The breaches that the program complained of since its start.</summary>
    public IEnumerable<string> Complaints => _program.Errors.Where(line => line.StartsWith("refused ", StringComparison.Ordinal));

    /// <summary>Starts one.</summary>
    /// <param name="certificate">What it presents.</param>
    /// <param name="redirectUri">The only one that it knows.</param>
    /// <param name="trust">PEM: what the hosts that events go to are checked with.</param>
    /// <param name="options">Further ones of <c>server.js</c>.</param>
    public static async Task<StrictTarget> StartAsync(OwnCertificate certificate, string redirectUri, string trust, params string[] options)
    {
        var program = RunningProgram.Start(
            "node",
            [
                Path.Combine(Repository.Root, "tests", "strict-target", "server.js"), "--cert", certificate.Path, "--key", certificate.KeyPath, "--trust", trust,
                "--client-id", ClientId, "--client-secret", ClientSecret, "--redirect-uri", redirectUri, .. options,
            ]);
        var line = JsonDocument.Parse((await program.WaitForAsync("^{.*}$")).Value).RootElement;
        return new StrictTarget(program, X509CertificateLoader.LoadCertificateFromFile(certificate.Path), line.GetProperty("url").GetString()!, line.GetProperty("control").GetString()!);
    }

    public Task SetOnlineAsync(Guid device, bool online) => ControlAsync("online", new { di = device, online });

    /// <summary>Adds a device that has <c>/switch</c>: <c>{value}</c>.</summary>
    public async Task<Guid> AddDeviceAsync(string name = "Strict device")
    {
        var di = Guid.NewGuid();
        await ControlAsync("add", new { di, name, resources = new[] { new { href = "/switch", rt = new[] { "oic.r.switch.binary" }, @if = new[] { "oic.if.a", "oic.if.baseline" }, rep = new { value = false } } } });
        return di;
    }

    public Task RemoveDeviceAsync(Guid device) => ControlAsync("remove", new { di = device });

    public Task PublishAsync(Guid device, string href) => ControlAsync("publish", new { di = device, href });

    public Task UnpublishAsync(Guid device, string href) => ControlAsync("unpublish", new { di = device, href });

    /// <summary>Somebody at the device changes it.</summary>
    public Task ChangeAsync(Guid device, string href, object members) => ControlAsync("change", new { di = device, href, rep = members });

    /// <summary>No access token is valid any more.</summary>
    public Task ExpireTokensAsync() => ControlAsync("expire");

    /// <summary>No refresh token is valid any more.</summary>
    public Task RefuseRefreshAsync() => ControlAsync("refuseRefresh");

    /// <summary>Without events: those that were subscribed are forgotten, and a subscription is answered with the status.</summary>
    public Task SetEventsAsync(bool on, int status = 404) => ControlAsync("events", new { on, status });

    public Task SetJsonOnlyAsync(bool on) => ControlAsync("jsonOnly", new { on });

    /// <summary>Goes wrong, until <c>none</c>: <c>rubbish</c> (each answer another), <c>endless</c>, <c>redirect</c>, <c>slow</c> (by ms), <c>hang</c>, <c>cut</c>, <c>error</c> (status).</summary>
    public Task MisbehaveAsync(string mode, string where = "api", int ms = 1000, int status = 500) => ControlAsync("misbehave", new { where, mode, ms, status });

    /// <summary>The next number of such subscriptions is never sent.</summary>
    public Task SkipAsync(string level) => ControlAsync("skip", new { level });

    /// <summary>What was sent last comes once more.</summary>
    public Task RepeatAsync(string level) => ControlAsync("repeat", new { level });

    /// <summary>Loses its subscriptions without a word.</summary>
    public Task ForgetSubscriptionsAsync() => ControlAsync("forget");

    /// <summary>Cancels its subscriptions, and says so.</summary>
    public Task EndSubscriptionsAsync() => ControlAsync("end");

    /// <summary>Sends one request past the queue: members <c>id</c>, <c>type</c>, <c>body</c>; <c>number</c>, <c>headers</c>, <c>signature</c>, <c>age</c> (seconds). The status of the answer.</summary>
    public async Task<int> DeliverAsync(object notification) => (await ControlAsync("deliver", notification)).GetProperty("status").GetInt32();

    /// <summary>Counts anew.</summary>
    public Task ResetAsync() => ControlAsync("reset");

    public async Task<StrictState> StateAsync() => new(await ControlAsync("state"));

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        Certificate.Dispose();
        await _program.DisposeAsync();
    }

    private async Task<JsonElement> ControlAsync(string operation, object? asked = null)
    {
        try
        {
            using var answer = await _control.PostAsJsonAsync(operation, asked ?? new { });
            var text = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode ? JsonDocument.Parse(text).RootElement : throw new InvalidOperationException($"{operation}: {text}");
        }
        catch (HttpRequestException exception) when (_program.HasExited)
        {
            throw new InvalidOperationException($"The target has ended with {_program.ExitCode}:\n{_program.Transcript}", exception);
        }
    }
}
