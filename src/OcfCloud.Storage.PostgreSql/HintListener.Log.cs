using Microsoft.Extensions.Logging;

namespace OcfCloud.Storage.PostgreSql;

internal sealed partial class HintListener
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection that hears of other nodes' changes is lost; it is opened again")]
    private partial void LogLost(Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing was heard of other nodes' changes for {Time}: what is known here of rules and devices is used no more until the store answers")]
    private partial void LogDistrusted(TimeSpan time);
}
