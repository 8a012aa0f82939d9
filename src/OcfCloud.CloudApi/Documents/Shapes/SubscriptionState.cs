using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>A subscription as it stands.</summary>
/// <param name="SubscriptionId">Its id.</param>
/// <param name="EventsUrl">Where notifications go.</param>
/// <param name="EventTypes">What is told.</param>
/// <param name="Accept">The media type of notifications.</param>
/// <param name="CreatedAt">Since when.</param>
/// <param name="Delivery">How far notifications came.</param>
internal sealed record SubscriptionState(
    [property: JsonPropertyName("subscriptionId")] Guid SubscriptionId,
    [property: JsonPropertyName("eventsUrl")] string EventsUrl,
    [property: JsonPropertyName("eventTypes")] IEnumerable<string> EventTypes,
    [property: JsonPropertyName("accept")] string Accept,
    [property: JsonPropertyName("createdAt")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("delivery")] SubscriptionDelivery Delivery);
