using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>How far the notifications of a subscription came.</summary>
/// <param name="NextSequenceNumber">Of the next event.</param>
/// <param name="Undelivered">Notifications that wait.</param>
/// <param name="FailedAttempts">Of the one that waits longest.</param>
/// <param name="LastDelivered">Null before the first.</param>
/// <param name="NextAttemptAt">Null where nothing waits.</param>
/// <param name="LastFailure">Why the last attempt failed; null where it did not.</param>
internal sealed record SubscriptionDelivery(
    [property: JsonPropertyName("nextSequenceNumber")] long NextSequenceNumber,
    [property: JsonPropertyName("undelivered")] int Undelivered,
    [property: JsonPropertyName("failedAttempts")] int FailedAttempts,
    [property: JsonPropertyName("lastDelivered")] DeliveredNotification? LastDelivered,
    [property: JsonPropertyName("nextAttemptAt")] DateTimeOffset? NextAttemptAt,
    [property: JsonPropertyName("lastFailure")] string? LastFailure);
