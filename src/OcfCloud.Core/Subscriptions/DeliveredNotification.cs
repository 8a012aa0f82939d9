using OcfCloud.Core.Events;

namespace OcfCloud.Core.Subscriptions;

/// <summary>A notification that was confirmed.</summary>
/// <param name="SequenceNumber">Its number.</param>
/// <param name="Kind">Its event type.</param>
/// <param name="At">When it was confirmed.</param>
public sealed record DeliveredNotification(long SequenceNumber, EventKind Kind, DateTimeOffset At);
