using Microsoft.Extensions.Logging;

namespace OcfCloud.Core.Subscriptions;

internal sealed partial class SubscriptionInterest
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "It could not be read which devices are subscribed to; it is tried again (their changes are told a little later)")]
    private partial void LogNotRead(Exception exception);
}
