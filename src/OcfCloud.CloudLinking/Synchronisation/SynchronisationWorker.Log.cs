using Microsoft.Extensions.Logging;

namespace OcfCloud.CloudLinking.Synchronisation;

internal sealed partial class SynchronisationWorker
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Linked accounts are not looked at: the store is in trouble")]
    private partial void LogStoreTrouble(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Linked account {Account} of {Cloud} is not up to date: {Trouble}")]
    private partial void LogTrouble(Guid account, string cloud, string trouble);

    [LoggerMessage(Level = LogLevel.Error, Message = "The work on linked account {Account} failed")]
    private partial void LogFailed(Exception exception, Guid account);
}
