using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>A resource that a device publishes; members that the device added are there too.</summary>
/// <param name="Href">`/{deviceId}` and the path on the device.</param>
/// <param name="Rt">Its resource types.</param>
/// <param name="If">The interfaces that it has.</param>
/// <param name="P">How it may be used.</param>
internal sealed record Link(
    [property: JsonPropertyName("href")] string Href,
    [property: JsonPropertyName("rt")] IEnumerable<string> Rt,
    [property: JsonPropertyName("if")] IEnumerable<string> If,
    [property: JsonPropertyName("p")] LinkPolicy? P);
