using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <content>What is logged of it.</content>
public sealed partial class AccountLinking
{
    [LoggerMessage(Level = LogLevel.Information, Message = "User {User} linked an account of {Cloud}")]
    private partial void LogLinked(UserId user, string cloud);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An answer that was to be of {Cloud} names another issuer, or none: nothing was linked")]
    private partial void LogOtherIssuer(string cloud);
}
