using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Subscriptions;

internal sealed partial class NotificationWriter
{
    [LoggerMessage(Level = LogLevel.Error, Message = "What device {Device} says could not be written for its subscribers; they are told it unconverted")]
    private partial void LogNotWritten(Exception exception, DeviceId device);
}
