using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.AccessRules;

public sealed partial class AccessRefusals
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Access rules of user {User} refuse {Subject} to {Operations} {Device}{Href}")]
    private partial void LogRefused(UserId user, AccessSubject subject, AccessOperations operations, DeviceId device, string href);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refusals were not recorded in the store")]
    private partial void LogNotWritten(Exception exception);
}
