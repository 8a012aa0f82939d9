using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Directory;

internal sealed partial class LinkExpiry
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Links past their ttl were not removed; it is tried again (nobody is shown them meanwhile)")]
    private partial void LogNotExpired(Exception exception);
}
