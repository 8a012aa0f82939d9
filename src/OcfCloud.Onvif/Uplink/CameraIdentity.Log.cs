using Microsoft.Extensions.Logging;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Uplink;

internal sealed partial class CameraIdentity
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Camera {Camera} connected and did not say who it is ({Outcome}: {Reason}); it is asked again")]
    private partial void LogNotSaid(Guid camera, CallOutcome outcome, string? reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Camera {Camera} connected and could not be asked who it is; it is asked again")]
    private partial void LogFailed(Exception exception, Guid camera);
}
