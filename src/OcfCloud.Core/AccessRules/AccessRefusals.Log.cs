using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.AccessRules;

public sealed partial class AccessRefusals
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Access rules of user {User} refused {Count} requests within a second, the last {Subject} to {Operations} {Device}{Href}")]
    private partial void LogRefused(UserId user, int count, string subject, AccessOperations operations, DeviceId device, string href);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Access rules refused {Count} requests more than could be recorded")]
    private partial void LogLeft(long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refusals were not recorded in the store")]
    private partial void LogNotWritten(Exception exception);
}
