using Microsoft.Extensions.Logging;

namespace OcfCloud.CloudLinking.LinkedAccounts;

internal sealed partial class AccountTokenRefresh
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Linked account {Account} has to be linked again: {Words}")]
    private partial void LogRefused(Guid account, string words);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The tokens of linked account {Account} could not be refreshed; it is tried again: {Words}")]
    private partial void LogFailed(Guid account, string? words);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Tokens that came for account {Account} when it was not linked any more could not be revoked")]
    private partial void LogNotRevoked(Guid account);

    [LoggerMessage(Level = LogLevel.Warning, Message = "New tokens of linked account {Account} are not stored yet; it is tried again")]
    private partial void LogNotSaved(Guid account, Exception exception);
}
