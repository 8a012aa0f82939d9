using Microsoft.Extensions.Logging;

namespace OcfCloud.Onvif.Operation;

/// <content>What is logged of it.</content>
internal sealed partial class SharingCompletion
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Incoming share {Share} is completed: client {Client} has the key of \"{Subject}\"")]
    private partial void LogCompleted(Guid share, string client, string subject);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Incoming share {Share} is not completed, for its key is not taken: {Reason}")]
    private partial void LogBadKey(Guid share, string? reason);
}
