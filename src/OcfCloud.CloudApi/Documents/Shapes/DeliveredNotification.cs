using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>A notification that the receiver confirmed.</summary>
/// <param name="SequenceNumber">Its number.</param>
/// <param name="EventType">What it told.</param>
/// <param name="At">When it was confirmed.</param>
internal sealed record DeliveredNotification(
    [property: JsonPropertyName("sequenceNumber")] long SequenceNumber,
    [property: JsonPropertyName("eventType")] string EventType,
    [property: JsonPropertyName("at")] DateTimeOffset At);
