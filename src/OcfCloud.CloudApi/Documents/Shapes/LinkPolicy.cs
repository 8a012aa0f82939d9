using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>How a resource may be used.</summary>
/// <param name="Bm">Bits: 1 = discoverable, 2 = observable.</param>
internal sealed record LinkPolicy(
    [property: JsonPropertyName("bm")] int Bm);
