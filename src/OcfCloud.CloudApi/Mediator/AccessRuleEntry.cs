using System.Text.Json.Serialization;

namespace OcfCloud.CloudApi.Mediator;

/// <summary>An access rule as the API writes it.</summary>
/// <param name="Subject">A client device's id, a client id, or <c>*</c>.</param>
/// <param name="Device">A device's id, or <c>*</c>.</param>
/// <param name="Href">A path that may end in <c>*</c>.</param>
/// <param name="Allow">Of <c>create</c>, <c>retrieve</c>, <c>update</c>, <c>delete</c> and <c>notify</c>.</param>
internal sealed record AccessRuleEntry(
    [property: JsonPropertyName("subject")] string Subject,
    [property: JsonPropertyName("device")] string Device,
    [property: JsonPropertyName("href")] string Href,
    [property: JsonPropertyName("allow")] IEnumerable<string> Allow);
