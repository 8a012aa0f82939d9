using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Events;

internal sealed partial class OutboxDispatcher
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "This node dispatches the events now")]
    private partial void LogEntered();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dispatching events was interrupted; it is tried again")]
    private partial void LogLeft(Exception exception);
}
