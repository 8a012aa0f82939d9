using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Documents.Shapes;

/// <summary>A text in a language.</summary>
/// <param name="Language">A language tag (RFC 5646).</param>
/// <param name="Value">The text.</param>
internal sealed record LocalizedText(
    [property: JsonPropertyName("language")] string Language,
    [property: JsonPropertyName("value")] string Value);
