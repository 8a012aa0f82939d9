using Microsoft.Extensions.Logging;

namespace OcfCloud.Onvif.Provisioning;

/// <content>What is logged of it.</content>
internal sealed partial class ShareWorker
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Share {Share} changed while it was worked on; the work goes on with what it is now")]
    private partial void LogChanged(Guid share);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shares are not worked on at this moment: {Reason}")]
    private partial void LogStoreTrouble(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The work on share {Share} failed by a fault of this cloud; it is tried again")]
    private partial void LogFailed(Exception exception, Guid share);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The claim on share {Share} ran out while it was worked on; the work ends here, and goes on where it is claimed next")]
    private partial void LogLeaseOver(Guid share);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shares that are due could not be looked for, by a fault of this cloud; they are looked for again")]
    private partial void LogLoopFailed(Exception exception);
}
