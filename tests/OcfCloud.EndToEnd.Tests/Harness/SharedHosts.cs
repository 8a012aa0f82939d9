using System.Collections.Concurrent;
using System.Text.Json;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>
/// One process of the host's program in which many hosts run beside one another, each with a data directory, ports and settings of its own: what a start costs is the
/// compiling of its code, which is done once here. For clouds that nobody kills and whose log nobody reads: those have a process each.
/// </summary>
internal sealed class SharedHosts : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<HostEnd>> _ends = new();
    private RunningProgram? _program;
    private int _hosts;
    private int _seen;

    /// <summary>That of the test run; it ends with it.</summary>
    public static SharedHosts Shared { get; } = new();

    /// <summary>The process.</summary>
    public int ProcessId => _program?.Id ?? throw new InvalidOperationException("No host was started.");

    /// <summary>Starts a host; that it serves is said by its <c>host.json</c>.</summary>
    /// <returns>What it is called here, and its end.</returns>
    public async Task<(int Host, Task<HostEnd> End)> StartAsync(IEnumerable<string> arguments)
    {
        var host = Interlocked.Increment(ref _hosts);
        var end = _ends[host] = new TaskCompletionSource<HostEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        await OrderAsync(new HostOrder(host, [.. arguments]));
        return (host, end.Task);
    }

    /// <summary>Tells a host to stop, as a signal does.</summary>
    public Task StopAsync(int host) => OrderAsync(new HostOrder(host, null));

    public async ValueTask DisposeAsync()
    {
        if (_program is not null) await _program.DisposeAsync();
        _one.Dispose();
    }

    private async Task OrderAsync(HostOrder order)
    {
        await _one.WaitAsync();
        try
        {
            if (_program is null)
            {
                _program = RunningProgram.Start(
                    "dotnet",
                    ["exec", Repository.Program("OcfCloud.Host")],
                    [("DOTNET_STARTUP_HOOKS", typeof(SharedHosts).Assembly.Location), ("ASPNETCORE_ENVIRONMENT", "Development"), ("DOTNET_ENVIRONMENT", "Development"), RunningProgram.ShortLived]);
                _program.OnOutput = Read;
            }

            await _program.WriteLineAsync(JsonSerializer.Serialize(order));
        }
        finally
        {
            _one.Release();
        }
    }

    private void Read()
    {
        var lines = _program!.OutputFrom(_seen);
        _seen += lines.Count;
        foreach (var end in lines.Select(line => JsonSerializer.Deserialize<HostEnd>(line)!))
        {
            if (_ends.TryRemove(end.Id, out var waiting)) waiting.TrySetResult(end);
        }
    }
}
