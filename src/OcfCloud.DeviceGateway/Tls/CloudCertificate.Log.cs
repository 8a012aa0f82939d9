using Microsoft.Extensions.Logging;

namespace OcfCloud.DeviceGateway.Tls;

public sealed partial class CloudCertificate
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}: devices are shown the former certificate")]
    private partial void LogRefused(string reason);
}
