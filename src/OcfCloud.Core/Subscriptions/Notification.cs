using OcfCloud.Core.Events;

namespace OcfCloud.Core.Subscriptions;

/// <summary>One numbered notification that waits to be delivered; the same in every attempt.</summary>
/// <param name="SequenceNumber">From 0, +1 each.</param>
/// <param name="Kind">The event type.</param>
/// <param name="At">The time of the event (Event-Timestamp).</param>
/// <param name="Body">Its body.</param>
public sealed record Notification(long SequenceNumber, EventKind Kind, DateTimeOffset At, NotificationBody Body);
