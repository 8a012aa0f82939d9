using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Devices;

internal sealed partial class TokenRefresh
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A spent refresh token of device {Device} (user {User}) was used again: all its tokens are revoked")]
    private partial void LogReused(DeviceId device, UserId user);
}
