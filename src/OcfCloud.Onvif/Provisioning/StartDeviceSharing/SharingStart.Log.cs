using Microsoft.Extensions.Logging;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning.StartDeviceSharing;

/// <content>What is logged of it.</content>
internal sealed partial class SharingStart
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Share {Share} of camera {Camera} begins ({Mode}) with the cloud at {Server}")]
    private partial void LogBegins(Guid share, Guid camera, ShareMode mode, string server);

    // Anybody may call: nothing that fills a log by itself.
    [LoggerMessage(Level = LogLevel.Debug, Message = "A startDeviceSharing is refused: {Reason}")]
    private partial void LogRefused(string reason);
}
