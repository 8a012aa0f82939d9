using Microsoft.Extensions.Logging;

namespace OcfCloud.CloudLinking.EventReceiver;

internal sealed partial class InboxWriter
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Events of linked account {Account} before number {SequenceNumber} were missed: all devices are retrieved anew")]
    private partial void LogGap(Guid account, long sequenceNumber);
}
