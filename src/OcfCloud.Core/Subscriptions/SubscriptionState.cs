using OcfCloud.Core.Events;

namespace OcfCloud.Core.Subscriptions;

/// <summary>A subscription and how its delivery goes.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Target">What it hears of.</param>
/// <param name="Kinds">Its event types in the order asked for.</param>
/// <param name="EventsUrl">Where notifications go.</param>
/// <param name="Encoding">How bodies are written.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="NextSequenceNumber">The number that the next notification gets.</param>
/// <param name="Undelivered">How many notifications wait.</param>
/// <param name="FailedAttempts">Failed attempts in a row of the oldest one.</param>
/// <param name="LastDelivered">Number, kind and time of the last notification that was confirmed; null = none yet.</param>
/// <param name="NextAttemptAt">When the next attempt is due; null where nothing waits.</param>
/// <param name="LastFailure">Why the last attempt failed, in words without anything secret; null where it did not.</param>
public sealed record SubscriptionState(
    Guid Id, SubscriptionTarget Target, IReadOnlyList<EventKind> Kinds, string EventsUrl, NotificationEncoding Encoding, DateTimeOffset CreatedAt,
    long NextSequenceNumber, int Undelivered, int FailedAttempts, DeliveredNotification? LastDelivered, DateTimeOffset? NextAttemptAt, string? LastFailure);
