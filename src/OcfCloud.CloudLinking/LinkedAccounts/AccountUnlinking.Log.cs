using Microsoft.Extensions.Logging;

namespace OcfCloud.CloudLinking.LinkedAccounts;

/// <content>What is logged of it.</content>
internal sealed partial class AccountUnlinking
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "The clean-up of unlinked account {Account} at cloud {Cloud}: {Came}")]
    private partial void LogCame(Guid account, Guid cloud, CleanUp came);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The clean-up of unlinked account {Account} at cloud {Cloud} was given up: subscriptions and tokens may be left there until they run out")]
    private partial void LogGivenUp(Guid account, Guid cloud);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Unlinked accounts are not cleaned up at this moment: {Reason}")]
    private partial void LogStoreTrouble(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The clean-up of unlinked account {Account} failed by a fault of this cloud; it is tried again")]
    private partial void LogFailed(Exception exception, Guid account);
}
