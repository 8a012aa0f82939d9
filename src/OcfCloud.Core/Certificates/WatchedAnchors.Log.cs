using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Certificates;

public sealed partial class WatchedAnchors
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} {Reason}: it is not used. Its last good content stays in force: {LastGoodStays}")]
    private partial void LogRefused(string path, string reason, bool lastGoodStays);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} is gone: what was read there before stays in force")]
    private partial void LogMissing(string path);

    [LoggerMessage(Level = LogLevel.Error, Message = "No trust anchor is left in the configured files: the last ones stay in force")]
    private partial void LogNoAnchorLeft();

    [LoggerMessage(Level = LogLevel.Information, Message = "Trust anchors changed: {Count} certificates of authorities in force")]
    private partial void LogAnchorsRead(int count);
}
