using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>What is wanted of the events of one device.</summary>
/// <param name="EventsUrl">Where notifications go, https.</param>
/// <param name="EventTypes">One or more, each once.</param>
/// <param name="SigningSecret">32 characters: the key of Event-Signature.</param>
internal sealed record SubscribeRequestDevice(
    [property: JsonPropertyName("eventsUrl")] string EventsUrl,
    [property: JsonPropertyName("eventTypes")] IEnumerable<EventTypeDevice> EventTypes,
    [property: JsonPropertyName("signingSecret")] string SigningSecret);
