using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;

namespace OcfCloud.Onvif.Enrolment;

public sealed partial class CameraRegister
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Camera {CameraId} of user {UserId} is enrolled with the key {Thumbprint}")]
    private partial void LogEnrolled(Guid cameraId, UserId userId, string thumbprint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Camera {CameraId} of user {UserId} is removed")]
    private partial void LogRemoved(Guid cameraId, UserId userId);
}
