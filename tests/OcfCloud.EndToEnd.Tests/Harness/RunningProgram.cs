using System.Diagnostics;
using System.Text.RegularExpressions;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>A process of ours and every line that it printed.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    /// <summary>
    /// For programs of ours that may live for a few seconds: code is compiled a second time, and better, after two seconds without new code (0x7D0 ms) and not after a tenth.
    /// That saves a quarter of what a start costs, and changes nothing for those that live long.
    /// </summary>
    public static readonly (string Name, string? Value) ShortLived = ("DOTNET_TC_CallCountingDelayMs", "7D0");

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningProgram(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Called after each line of standard output, on the thread that reads them.</summary>
    public Action? OnOutput { get; set; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_lock)
            {
                return [.. _output];
            }
        }
    }

    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_lock)
            {
                return [.. _errors];
            }
        }
    }

    /// <summary>The lines of standard output from the given one on: for who reads many, piece by piece.</summary>
    public IReadOnlyList<string> OutputFrom(int line)
    {
        lock (_lock)
        {
            return _output[line..];
        }
    }

    /// <summary>Everything that was printed, for the message of a failed test.</summary>
    public string Transcript => string.Join('\n', [.. Output, .. Errors]);

    public static RunningProgram Start(string program, IEnumerable<string> arguments, IEnumerable<(string Name, string? Value)>? environment = null, string? folder = null, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        var running = new RunningProgram(new Process { StartInfo = start });
        running._process.OutputDataReceived += (_, line) =>
        {
            running.Add(running._output, line.Data);
            running.OnOutput?.Invoke();
        };
        running._process.ErrorDataReceived += (_, line) => running.Add(running._errors, line.Data);
        running._process.Start();
        running._process.BeginOutputReadLine();
        running._process.BeginErrorReadLine();
        if (input is not null)
        {
            running._process.StandardInput.Write(input);
            running._process.StandardInput.Close();
        }

        return running;
    }

    /// <summary>Closes the program's standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>Waits for a line of standard output that the pattern matches, from the given line on.</summary>
    public async Task<Match> WaitForAsync(string pattern, int from = 0, TimeSpan? deadline = null)
    {
        var until = Task.Delay(deadline ?? Deadline);
        var sought = new Regex(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
        for (var next = from; ;)
        {
            Task more;
            lock (_lock)
            {
                for (; next < _output.Count; next++)
                {
                    if (sought.Match(_output[next]) is { Success: true } match) return match;
                }

                more = _more.Task;
            }

            var exit = _process.HasExited;
            if (exit || await Task.WhenAny(more, until) == until)
            {
                throw new TimeoutException($"No line like \"{pattern}\"{(exit ? $"; it ended with {ExitCode}" : string.Empty)}:\n{Transcript}");
            }
        }
    }

    /// <summary>Waits for the end; both streams are read to theirs.</summary>
    public async Task<int> WaitForExitAsync(TimeSpan? deadline = null)
    {
        using var limit = new CancellationTokenSource(deadline ?? Deadline);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException("The process did not end:\n" + Transcript, exception);
        }

        return _process.ExitCode;
    }

    /// <summary>SIGTERM, as <c>docker stop</c> sends it.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString()]);
        kill.WaitForExit();
    }

    /// <summary>SIGKILL: no line of the program runs any more.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Add(List<string> lines, string? line)
    {
        TaskCompletionSource more;
        lock (_lock)
        {
            if (line is not null)
            {
                lines.Add(line);
            }

            (more, _more) = (_more, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.TrySetResult();
    }
}
