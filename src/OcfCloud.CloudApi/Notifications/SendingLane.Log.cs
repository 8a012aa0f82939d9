using Microsoft.Extensions.Logging;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Notifications;

internal sealed partial class SendingLane
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Notifications wait ({Lane}): the store does not answer")]
    private partial void LogStoreTrouble(Exception exception, DeliveryLane lane);

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending to subscription {Subscription} failed unexpectedly; it is tried again when its claim has run out")]
    private partial void LogFailed(Exception exception, Guid subscription);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Subscription {Subscription} at {Host} has events up to {Number}")]
    private partial void LogDelivered(Guid subscription, string host, long? number);

    [LoggerMessage(Level = LogLevel.Information, Message = "Subscription {Subscription} at {Host} did not take an event: {Failure}; next attempt {NextAttempt}")]
    private partial void LogRetry(Guid subscription, string host, string? failure, DateTimeOffset? nextAttempt);

    [LoggerMessage(Level = LogLevel.Information, Message = "Subscription {Subscription} ends: {Host} answered 410")]
    private partial void LogGone(Guid subscription, string host);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Subscription {Subscription} is given up: {Host} has taken no event for too long")]
    private partial void LogGivenUp(Guid subscription, string host);
}
