using System.Text.Json;
using OcfCloud.Host.Commands;

namespace OcfCloud.Host.Tests.Composition;

/// <summary>The host in this process, as the command line starts it, on ports that the system chose.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop;
    private readonly Task<int> _run;
    private readonly StringWriter _output;

    private RunningHost(CancellationTokenSource stop, Task<int> run, StringWriter output, JsonElement file)
    {
        _stop = stop;
        _run = run;
        _output = output;
        File = file;
        Https = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => (Presented = certificate?.Subject) is not null },
        })
        {
            BaseAddress = new Uri(file.GetProperty("https").GetString()!),
        };
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(file.GetProperty("http").GetString()!) };
    }

    /// <summary><c>host.json</c>.</summary>
    public JsonElement File { get; }

    public HttpClient Https { get; }

    public HttpClient Http { get; }

    /// <summary>The subject of the certificate that the https door presented last.</summary>
    public string? Presented { get; private set; }

    /// <summary>What was printed, in lines.</summary>
    public string[] Printed => _output.ToString().Split('\n');

    public static string[] Arguments(params string[] more) =>
    [
        "--OcfCloud:Endpoints:Https=127.0.0.1:0", "--OcfCloud:Endpoints:Http=127.0.0.1:0", "--OcfCloud:Endpoints:Coaps=127.0.0.1:0", "--OcfCloud:Endpoints:Uplink=127.0.0.1:0",
        "--OcfCloud:Logging:Level=Fatal", .. more,
    ];

    public static async Task<RunningHost> StartAsync(Installation installation, params string[] more)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (output, error) = (new StringWriter(), new StringWriter());
        var run = installation.RunAsync(Arguments(more), new CommandConsole(TextReader.Null, TextWriter.Synchronized(output), error), stop.Token);
        var path = Path.Combine(installation.Data, "host.json");
        using var deadline = new CancellationTokenSource(Deadline);

        // The last thing that is printed: the file is there before.
        while (!System.IO.File.Exists(path) || !output.ToString().Contains("Data:", StringComparison.Ordinal))
        {
            Assert.False(run.IsCompleted, error.ToString());
            await Task.Delay(20, deadline.Token);
        }

        var text = await System.IO.File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        return new RunningHost(stop, run, output, JsonDocument.Parse(text).RootElement);
    }

    /// <summary>Stops it as a signal does.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run.WaitAsync(Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        Https.Dispose();
        Http.Dispose();
        await StopAsync();
        _stop.Dispose();
    }
}
