using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>A resource with what is known of it.</summary>
/// <param name="Href">`/{deviceId}` and the path on the device.</param>
/// <param name="Rep">Its representation.</param>
internal sealed record LinkContent(
    [property: JsonPropertyName("href")] string Href,
    [property: JsonPropertyName("rep")] object Rep);
