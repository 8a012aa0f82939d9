using OcfCloud.Simulator.Commands;

namespace OcfCloud.Simulator.Tests.Support;

/// <summary>A command of the simulator that runs in this process, and the lines that it writes.</summary>
internal sealed class RunningCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly CancellationTokenSource _stop = new();
    private readonly LineWriter _output = new();
    private readonly StringWriter _error = new();

    public RunningCommand(string[] arguments) => Ended = SimulatorCommandLine.RunAsync(
        arguments, new SimulatorConsole(_output, _error, isTerminal: false), DeviceRoom.Short, TimeProvider.System, _stop.Token);

    public Task<int> Ended { get; }

    public string Output => _output.Text;

    public string Error => _error.ToString();

    /// <summary>Waits for a line that contains a text.</summary>
    public async Task<string> LineAsync(string text)
    {
        var line = _output.WaitForAsync(text);
        if (await Task.WhenAny(line, Ended).WaitAsync(Deadline, TestContext.Current.CancellationToken) != line && !line.IsCompleted)
            Assert.Fail($"Ended with {await Ended} before \"{text}\": {Output} {Error}");
        return await line;
    }

    /// <summary>Ctrl-C.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await Ended.WaitAsync(Deadline);
    }
}
