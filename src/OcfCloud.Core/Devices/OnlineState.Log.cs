using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Devices;

public sealed partial class OnlineState
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Online states were not written; they are kept and written later")]
    private partial void LogNotWritten(Exception exception);
}
