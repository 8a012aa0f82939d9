using Microsoft.Extensions.Logging;

namespace OcfCloud.Onvif.Uplink;

internal sealed partial class UplinkRevocation
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Whether uplinks may stand is not looked at yet: the store is in trouble")]
    private partial void LogNotLooked(Exception exception);
}
