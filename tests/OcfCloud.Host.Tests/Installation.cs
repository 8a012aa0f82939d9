using System.Text.Json;
using Microsoft.Extensions.Configuration;
using OcfCloud.Host.Commands;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Tests;

/// <summary>A data directory and the program's command line on it, in this process.</summary>
internal sealed class Installation(string environment = "Development") : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A path beside the data directory.</summary>
    public string this[string name] => _folder[name];

    public string Data => _folder["data"];

    /// <summary>Runs the command line to its end.</summary>
    public Task<CommandResult> RunAsync(params string[] arguments) => RunAsync("", arguments, TestContext.Current.CancellationToken);

    /// <summary>The same with something on standard input.</summary>
    public async Task<CommandResult> RunAsync(string input, string[] arguments, CancellationToken cancellation)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await RunAsync(arguments, new CommandConsole(new StringReader(input), TextWriter.Synchronized(output), error), cancellation);
        return new CommandResult(code, output.ToString(), error.ToString());
    }

    public Task<int> RunAsync(string[] arguments, CommandConsole console, CancellationToken cancellation) =>
        CommandLine.RunAsync([$"--OcfCloud:DataDirectory={Data}", .. arguments], console, Load, cancellation);

    public void Dispose() => _folder.Dispose();

    // The machine's own environment stays out.
    private SettingsSource Load(IReadOnlyDictionary<string, string?> arguments) => new(new ConfigurationBuilder().AddInMemoryCollection(arguments).Build(), environment);
}

/// <summary>What a command left behind.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string LastLine => Output.TrimEnd('\n').Split('\n')[^1];

    public JsonElement Json => JsonDocument.Parse(LastLine).RootElement;

    /// <summary>The only line on standard error, of a command that left nothing on standard output.</summary>
    public string Refusal(int expectedCode)
    {
        Assert.True(expectedCode == ExitCode, $"{ExitCode}: {Error}");
        Assert.Equal("", Output);
        return Assert.Single(Error.TrimEnd('\n').Split('\n'));
    }

    public CommandResult Done()
    {
        Assert.True(ExitCode == 0, $"{ExitCode}: {Error}");
        Assert.Equal("", Error);
        return this;
    }
}
