using Microsoft.Extensions.Logging;

namespace OcfCloud.DeviceGateway.Tls;

internal sealed partial class DeviceTrust
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} {Reason}: it is not used. Its last good content stays in force: {LastGoodStays}")]
    private partial void LogRefused(string path, string reason, bool lastGoodStays);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} is gone: what was read there before stays in force")]
    private partial void LogMissing(string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "Revocation lists changed: {Lists} in force, {Revoked} certificates revoked")]
    private partial void LogListsRead(int lists, int revoked);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The revocation list of {Issuer} should have been replaced by {NextUpdate:u}: it still counts")]
    private partial void LogOverdue(string issuer, DateTimeOffset nextUpdate);
}
