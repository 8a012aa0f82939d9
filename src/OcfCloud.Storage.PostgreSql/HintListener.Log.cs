using Microsoft.Extensions.Logging;

namespace OcfCloud.Storage.PostgreSql;

internal sealed partial class HintListener
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection that hears of other nodes' changes is lost; it is opened again")]
    private partial void LogLost(Exception exception);
}
