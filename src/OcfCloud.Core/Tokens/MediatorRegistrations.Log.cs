using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Tokens;

public sealed partial class MediatorRegistrations
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A spent refresh token of a mediator of user {User} was used again: the registration is revoked")]
    private partial void LogReused(UserId user);
}
