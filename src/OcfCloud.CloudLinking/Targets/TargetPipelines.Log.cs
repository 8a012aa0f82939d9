using Microsoft.Extensions.Logging;

namespace OcfCloud.CloudLinking.Targets;

internal sealed partial class TargetPipelines
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The client certificate of linked cloud {Cloud} cannot be used: the key ring that encrypted its key is gone")]
    private partial void LogKeyUnreadable(string cloud);
}
