using Microsoft.Extensions.Logging;
using OcfCloud.Onvif.Cameras;

namespace OcfCloud.Onvif.Uplink;

internal sealed partial class UplinkEndpoint
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Camera {Camera} opened an uplink ({Kind})")]
    private partial void LogConnected(Guid camera, UplinkKind kind);

    [LoggerMessage(Level = LogLevel.Debug, Message = "An uplink ({Kind}) of camera {Camera} ended: {End}")]
    private partial void LogEnded(Guid camera, UplinkKind kind, UplinkEnd end);
}
