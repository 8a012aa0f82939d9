using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>A device of the user with the last known representations of its resources.</summary>
/// <param name="Properties">What it is.</param>
/// <param name="Status">Whether it is connected.</param>
/// <param name="Links">What its resources are.</param>
internal sealed record DeviceContentAll(
    [property: JsonPropertyName("device")] DeviceProperties Properties,
    [property: JsonPropertyName("status")] DeviceStatus Status,
    [property: JsonPropertyName("links")] IEnumerable<LinkContent> Links);
