using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>Runs hosts beside one another in this process, which is that of <see cref="SharedHosts"/>: each by the program's own command line, with a console of its own.</summary>
internal sealed class HostOrders
{
    private readonly Assembly _program;
    private readonly TextWriter _ends;
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _running = new();

    public HostOrders(Assembly program, TextWriter ends)
    {
        (_program, _ends) = (program, TextWriter.Synchronized(ends));

        // Their logs, which nobody reads but who looks for a fault.
        Console.SetOut(new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });

        // What Main does before anything else.
        foreach (var setting in new[] { "OpenSslConfiguration", "SocketPolling" }) TypeOf(setting).GetMethod("Apply")!.Invoke(null, null);
    }

    /// <summary>Does what a line says.</summary>
    public void Take(string line)
    {
        var order = JsonSerializer.Deserialize<HostOrder>(line)!;
        if (order.Arguments is null)
        {
            if (_running.TryGetValue(order.Id, out var running)) running.Cancel();
            return;
        }

        var stop = _running[order.Id] = new CancellationTokenSource();
        _ = Task.Run(async () =>
        {
            using var written = new StringWriter();
            var console = TextWriter.Synchronized(written);
            var code = -1;
            try
            {
                code = await RunAsync(order.Arguments, console, stop.Token);
            }
            catch (Exception e)
            {
                await console.WriteLineAsync(e.ToString());
            }

            _running.TryRemove(order.Id, out _);
            await _ends.WriteLineAsync(JsonSerializer.Serialize(new HostEnd(order.Id, code, written.ToString())));
        });
    }

    // The one method of the command line that takes a console and a token: Main's takes neither.
    private Task<int> RunAsync(string[] arguments, TextWriter console, CancellationToken stop)
    {
        var run = TypeOf("Commands.CommandLine").GetMethods().Single(method => method.Name == "RunAsync" && method.GetParameters().Length == 4);
        var load = TypeOf("Settings.SettingsSource").GetMethod("Load")!.CreateDelegate(run.GetParameters()[2].ParameterType);
        return (Task<int>)run.Invoke(null, [arguments, Activator.CreateInstance(TypeOf("Commands.CommandConsole"), TextReader.Null, console, console), load, stop])!;
    }

    private Type TypeOf(string name) => _program.GetType("OcfCloud.Host." + name, throwOnError: true)!;
}
