using System.Text.RegularExpressions;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Readme;

/// <summary>
/// A reader who types one command after the other in a copy of the repository: programs that stay get a shell of their own and are waited for until they do
/// what they are there for; all others have to succeed. Only three things differ from a reader's: nothing is built again, the ports are any free ones, and the SDK
/// looks at each of the two projects once: what it would start the next time is started without it.
/// </summary>
internal sealed class ReadmeWalk : IAsyncDisposable
{
    private static readonly TimeSpan ChangeDeadline = TimeSpan.FromSeconds(30);

    // The program alone, or with settings: it runs the cloud.
    private static readonly Regex HostCommand = new(@"^dotnet run --project src/OcfCloud\.Host/?( --( --OcfCloud:\S+)+)?$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static readonly Regex Door = new(@"^(?<name>https?|coaps|uplink) \S+:(?<port>\d+)$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private static readonly Regex DeviceCommand =
        new(@" device (light|sensor|switch)( --count (?<count>\d+))?", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    // What a shell remembers of one command when the next one is typed: its variables and functions.
    private const string Before = "set -a; [ ! -f .shell ] || . ./.shell; ";
    private const string After = "\nresult_=$?; { declare -f; declare -px; } > .shell; exit $result_";

    private const string CloudAddress = "localhost:8443", ReceiverAddress = "127.0.0.1:9443";

    private readonly TemporaryFolder _folder = new();

    private static readonly Regex RunCommand = new(@"dotnet run --project src/(?<project>[A-Za-z.]+)/?( --(?= ))?", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    private readonly HashSet<string> _projects = new(StringComparer.Ordinal);

    // The cloud's, which keeps those that it got when it is started again.
    private readonly Dictionary<string, string> _ports = new(StringComparer.Ordinal) { ["Https"] = "0", ["Http"] = "0", ["Coaps"] = "0", ["Uplink"] = "0" };

    // What the README says, and what it is here.
    private readonly Dictionary<string, string> _addresses = new(StringComparer.Ordinal) { [ReceiverAddress] = "127.0.0.1:0" };
    private readonly Dictionary<string, RunningProgram> _staying = new(StringComparer.Ordinal);
    private bool _haveDevicesLived;

    public ReadmeWalk()
    {
        // The data directory is ./data: that of this folder.
        foreach (var entry in Directory.GetFileSystemEntries(Repository.Root).Where(e => Path.GetFileName(e) is not ("data" or ".git")))
        {
            File.CreateSymbolicLink(_folder.File(Path.GetFileName(entry)), entry);
        }
    }

    /// <summary>What each command printed, in the order of the commands.</summary>
    public List<(string Command, string Output)> Printed { get; } = [];

    /// <summary>How many lines of a device list are of devices with links (clients have none) and with this status.</summary>
    public static int PublishersIn(string list, string status) =>
        list.Split('\n').Count(line => Regex.IsMatch(line, $@" {status} .* [1-9]\d*\s*$", RegexOptions.None, TimeSpan.FromSeconds(1)));

    /// <summary>Types a command, and waits until the reader would go on.</summary>
    public async Task TypeAsync(string command)
    {
        switch (command)
        {
            case "./test.sh":
                // It is what runs this.
                Assert.True(File.Exists(Path.Combine(Repository.Root, "test.sh")), "there is no ./test.sh");
                break;
            case var _ when command.StartsWith("docker ", StringComparison.Ordinal):
                // The image is built where an engine is; what the command names is there in any case.
                Assert.True(File.Exists(Path.Combine(Repository.Root, "docker-compose.yml")) && File.Exists(Path.Combine(Repository.Root, "Dockerfile")));
                break;
            case var _ when HostCommand.IsMatch(command):
                await StayAsync("cloud", command, "^coaps coaps\\+tcp://", times: 1);
                KeepPorts(_staying["cloud"].Output);
                break;
            case var _ when DeviceCommand.Match(command) is { Success: true } devices:
                // Those that lived before keep their registration and their links.
                var alive = _haveDevicesLived ? ": signed in" : ": published ";
                await StayAsync("devices", command, alive, int.TryParse(devices.Groups["count"].Value, out var count) ? count : 1);
                _haveDevicesLived = true;
                break;
            case var _ when command.Contains(" -- receiver ", StringComparison.Ordinal):
                await StayAsync("receiver", command, "https://", times: 1);
                _addresses[ReceiverAddress] = (await _staying["receiver"].WaitForAsync(@"127\.0\.0\.1:\d+")).Value;
                break;
            case var _ when command.EndsWith(" -- camera", StringComparison.Ordinal):
                await StayAsync("camera", command, "^camera-1: connected: ", times: 1);
                break;
            case var _ when command.Contains(" camera list", StringComparison.Ordinal):
                await RunUntilAsync(command, output => output.Contains(" online ", StringComparison.Ordinal));
                break;
            case var _ when command.Contains(" client observe ", StringComparison.Ordinal):
                await StayAsync("observer", command, "^{", times: 1);
                break;
            case var _ when command.Contains(" device list", StringComparison.Ordinal) && _staying.ContainsKey("devices"):
                // The reader has killed the lights before.
                await KillAsync("devices");
                await RunUntilAsync(command, output => PublishersIn(output, "online") == 0);
                break;
            default:
                Printed.Add((command, await RunAsync(command)));
                break;
        }
    }

    /// <summary>Whether a line of the observing client matches, now or soon.</summary>
    public Task<Match> ObserverPrintsAsync(string pattern) => _staying["observer"].WaitForAsync(pattern);

    /// <summary>Whether a line of the receiver of events matches, now or soon.</summary>
    public Task<Match> ReceiverPrintsAsync(string pattern) => _staying["receiver"].WaitForAsync(pattern);

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _staying.Values.Reverse())
        {
            await program.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StayAsync(string name, string command, string pattern, int times)
    {
        await KillAsync(name);
        var program = Start(command);
        _staying[name] = program;
        var from = 0;
        for (var seen = 0; seen < times; seen++)
        {
            var match = await program.WaitForAsync(pattern, from);
            from += program.Output.Skip(from).TakeWhile(line => !line.Contains(match.Value, StringComparison.Ordinal)).Count() + 1;
        }
    }

    private void KeepPorts(IEnumerable<string> output)
    {
        foreach (var door in output.Select(line => Door.Match(line)).Where(door => door.Success))
        {
            var name = door.Groups["name"].Value;
            _ports[char.ToUpperInvariant(name[0]) + name[1..]] = door.Groups["port"].Value;
        }

        _addresses[CloudAddress] = $"localhost:{_ports["Https"]}";
    }

    private async Task KillAsync(string name)
    {
        if (_staying.Remove(name, out var program))
        {
            await program.DisposeAsync();
        }
    }

    private async Task RunUntilAsync(string command, Func<string, bool> isThere)
    {
        using var deadline = new CancellationTokenSource(ChangeDeadline);
        string output;
        do
        {
            output = await RunAsync(command);
        }
        while (!isThere(output) && !deadline.IsCancellationRequested);
        Printed.Add((command, output));
    }

    private async Task<string> RunAsync(string command)
    {
        await using var program = Start(command);
        var code = await program.WaitForExitAsync();
        Assert.True(code == 0, $"\"{command}\" ended with {code}:\n{program.Transcript}");
        return string.Join('\n', program.Output);
    }

    private RunningProgram Start(string command) => RunningProgram.Start(
        "bash",
        ["-c", Before + Here(command) + After],
        [
            .. _ports.Select(port => ($"OcfCloud__Endpoints__{port.Key}", (string?)port.Value)),
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_NOLOGO", "1"), ("ASPNETCORE_ENVIRONMENT", null), ("DOTNET_ENVIRONMENT", null),
        ],
        _folder.Path);

    private string Here(string command) => _addresses.Aggregate(
        RunCommand.Replace(command, run => _projects.Add(run.Groups["project"].Value)
            ? run.Value.Replace("dotnet run ", $"dotnet run --no-build --configuration {Repository.Configuration} ", StringComparison.Ordinal)
            // The environment is that of its launch settings.
            : $"ASPNETCORE_ENVIRONMENT=Development dotnet exec {Repository.Program(run.Groups["project"].Value)}"),
        (typed, address) => typed.Replace(address.Key, address.Value, StringComparison.Ordinal));
}
