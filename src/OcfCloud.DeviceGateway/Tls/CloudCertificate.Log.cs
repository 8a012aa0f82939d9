using Microsoft.Extensions.Logging;

namespace OcfCloud.DeviceGateway.Tls;

public sealed partial class CloudCertificate
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Devices are shown another certificate from now on: {Thumbprint}, valid until {NotAfter:u}")]
    private partial void LogReloaded(string thumbprint, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason}: devices are shown the former certificate")]
    private partial void LogRefused(string reason);
}
