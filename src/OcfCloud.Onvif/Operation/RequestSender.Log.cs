using Microsoft.Extensions.Logging;

namespace OcfCloud.Onvif.Operation;

/// <content>What is logged of it.</content>
internal sealed partial class RequestSender
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Incoming share {Share}: the other cloud takes startDeviceSharing")]
    private partial void LogRequested(Guid share);

    [LoggerMessage(Level = LogLevel.Information, Message = "Incoming share {Share} failed: {Reason}")]
    private partial void LogFailed(Guid share, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Incoming share {Share} could not be worked on")]
    private partial void LogBroken(Exception exception, Guid share);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Incoming shares are not worked on at this moment: {Reason}")]
    private partial void LogStoreTrouble(string reason);
}
