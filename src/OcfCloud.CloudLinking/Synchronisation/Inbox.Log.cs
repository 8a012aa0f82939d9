using Microsoft.Extensions.Logging;

namespace OcfCloud.CloudLinking.Synchronisation;

internal sealed partial class Inbox
{
    [LoggerMessage(Level = LogLevel.Information, Message = "An event of linked account {Account} is of a type that was not asked for: {EventType}")]
    private partial void LogUnknown(Guid account, string eventType);

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {SequenceNumber} of linked account {Account}, {EventType}, is dropped: nothing could be made of it. All devices are retrieved anew")]
    private partial void LogDropped(Exception exception, Guid account, string eventType, long sequenceNumber);
}
