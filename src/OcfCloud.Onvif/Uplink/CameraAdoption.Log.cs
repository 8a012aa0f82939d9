using Microsoft.Extensions.Logging;

namespace OcfCloud.Onvif.Uplink;

internal sealed partial class CameraAdoption
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Camera {Camera} is quarantined: {Difference}")]
    private partial void LogOtherCamera(Guid camera, string difference);
}
