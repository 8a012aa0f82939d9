using Microsoft.Extensions.Logging;

namespace OcfCloud.Onvif.Uplink;

internal sealed partial class UplinkRows
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Uplinks that came or went are not written yet: the store is in trouble")]
    private partial void LogNotWritten(Exception exception);
}
