namespace OcfCloud.Host.Development;

internal sealed partial class SimulatorToken
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The simulator's token could not be written to {Path}: {Reason}")]
    private partial void LogNotWritten(string path, string reason);
}
