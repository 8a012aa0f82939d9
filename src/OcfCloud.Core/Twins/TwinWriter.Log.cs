using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Twins;

public sealed partial class TwinWriter
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Too many representations wait to be written: {Count} were dropped")]
    private partial void LogFull(long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Representations were not written; they are kept and written later")]
    private partial void LogNotWritten(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Representations could not be written and are dropped")]
    private partial void LogLost(Exception exception);
}
