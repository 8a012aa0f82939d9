using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>What is wanted of the events of one resource.</summary>
/// <param name="EventsUrl">Where notifications go, https.</param>
/// <param name="EventTypes">One or more, each once.</param>
/// <param name="SigningSecret">32 characters: the key of Event-Signature.</param>
internal sealed record SubscribeRequestResources(
    [property: JsonPropertyName("eventsUrl")] string EventsUrl,
    [property: JsonPropertyName("eventTypes")] IEnumerable<EventTypeResources> EventTypes,
    [property: JsonPropertyName("signingSecret")] string SigningSecret);
