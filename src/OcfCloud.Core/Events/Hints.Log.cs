using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Events;

internal sealed partial class Hints
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A listener failed on a hint of {Kind}")]
    private partial void LogListenerFailed(Exception exception, EventKind kind);
}
