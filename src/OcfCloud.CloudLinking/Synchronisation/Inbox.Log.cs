using Microsoft.Extensions.Logging;

namespace OcfCloud.CloudLinking.Synchronisation;

internal sealed partial class Inbox
{
    [LoggerMessage(Level = LogLevel.Information, Message = "An event of linked account {Account} is of a type that was not asked for: {EventType}")]
    private partial void LogUnknown(Guid account, string eventType);
}
