using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Refusals;

public sealed partial class DeviceRefusals
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Refusals of devices were not written into the store")]
    private partial void LogNotWritten(Exception exception);
}
