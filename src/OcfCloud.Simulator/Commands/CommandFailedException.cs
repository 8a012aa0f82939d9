namespace OcfCloud.Simulator.Commands;

/// <summary>A command cannot go on; the message is the one sentence that the user reads.</summary>
internal sealed class CommandFailedException(string message, int exitCode = ExitCodes.Failed) : Exception(message)
{
    /// <summary>What the process ends with.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The command line asks for something that cannot be.</summary>
    public static CommandFailedException WrongUsage(string message) => new(message, ExitCodes.WrongUsage);
}
