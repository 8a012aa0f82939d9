using Microsoft.Extensions.Logging;

namespace OcfCloud.Onvif.Uplink;

internal sealed partial class CameraConnections
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A listener failed on a camera that connected")]
    private partial void LogListenerFailed(Exception exception);
}
