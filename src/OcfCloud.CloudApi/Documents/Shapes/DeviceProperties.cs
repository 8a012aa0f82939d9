using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>What a device is.</summary>
/// <param name="Rt">Its device types.</param>
/// <param name="Di">Its id.</param>
/// <param name="Dmn">Who makes it.</param>
/// <param name="N">What it calls itself.</param>
internal sealed record DeviceProperties(
    [property: JsonPropertyName("rt")] IEnumerable<string> Rt,
    [property: JsonPropertyName("di")] Guid Di,
    [property: JsonPropertyName("dmn")] IEnumerable<LocalizedText> Dmn,
    [property: JsonPropertyName("n")] string N);
