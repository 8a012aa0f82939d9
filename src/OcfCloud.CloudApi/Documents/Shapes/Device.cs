using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>A device of the user with the links that it publishes.</summary>
/// <param name="Properties">What it is.</param>
/// <param name="Status">Whether it is connected.</param>
/// <param name="Links">What it publishes.</param>
internal sealed record Device(
    [property: JsonPropertyName("device")] DeviceProperties Properties,
    [property: JsonPropertyName("status")] DeviceStatus Status,
    [property: JsonPropertyName("links")] IEnumerable<Link> Links);
