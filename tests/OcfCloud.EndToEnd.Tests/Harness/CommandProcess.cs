using System.Text.Json;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>
/// One process of the host's program that runs many commands, one after the other: what a test needs and does not test (a user, a token) costs no start of a
/// process each time. It is the program's <c>Main</c> all the same, beside the hosts and on their stores.
/// </summary>
internal sealed class CommandProcess : IAsyncDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private RunningProgram? _program;
    private int _answered;

    /// <summary>That of the test run; it ends with it.</summary>
    public static CommandProcess Shared { get; } = new();

    public async Task<CommandResult> RunAsync(IEnumerable<string> command)
    {
        await _one.WaitAsync();
        try
        {
            _program ??= RunningProgram.Start(
                "dotnet",
                ["exec", Repository.Program("OcfCloud.Host")],
                [("DOTNET_STARTUP_HOOKS", typeof(CommandProcess).Assembly.Location), ("ASPNETCORE_ENVIRONMENT", "Development"), ("DOTNET_ENVIRONMENT", "Development")]);
            await _program.WriteLineAsync(JsonSerializer.Serialize(command));
            var answer = await _program.WaitForAsync("^{.*}$", from: _answered++);
            return JsonSerializer.Deserialize<CommandResult>(answer.Value)!;
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null) await _program.DisposeAsync();
        _one.Dispose();
    }
}
