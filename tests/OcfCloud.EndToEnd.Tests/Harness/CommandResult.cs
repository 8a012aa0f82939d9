using System.Text.Json;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>What a command of the host left behind.</summary>
internal sealed record CommandResult(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    public string LastLine => Output.Last(line => line.Length > 0);

    /// <summary>The value that <c>--json</c> prints last.</summary>
    public JsonElement Json => JsonDocument.Parse(LastLine).RootElement;

    public CommandResult Succeeded() =>
        ExitCode == 0 ? this : throw new InvalidOperationException($"The command ended with {ExitCode}:\n{string.Join('\n', [.. Output, .. Errors])}");
}
