using System.Text.Json.Nodes;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Clients;

/// <summary>A link that the cloud's discovery gave.</summary>
/// <param name="DeviceId">Whose it is.</param>
/// <param name="Href">The path at the cloud: <c>/&lt;di&gt;/&lt;href&gt;</c>.</param>
/// <param name="Types">Its <c>rt</c>.</param>
/// <param name="Interfaces">Its <c>if</c>.</param>
internal sealed record DiscoveredLink(Guid DeviceId, string Href, IReadOnlyList<string> Types, IReadOnlyList<string> Interfaces)
{
    private const string Anchor = "ocf://";

    /// <summary>The path on the device.</summary>
    public string LocalHref => Href.IndexOf('/', 1) is > 0 and var slash ? Href[slash..] : Href;

    /// <summary>Reads the answer of discovery; what is no link of a device is left out.</summary>
    public static IReadOnlyList<DiscoveredLink> ReadAll(JsonNode? answer)
    {
        var links = new List<DiscoveredLink>();
        foreach (var link in answer as JsonArray ?? [])
        {
            if (Text(link?["href"]) is { } href && Text(link?["anchor"]) is { } anchor
                && anchor.StartsWith(Anchor, StringComparison.Ordinal) && OcfUuid.TryParse(anchor[Anchor.Length..], out var deviceId))
            {
                links.Add(new DiscoveredLink(deviceId, href, Texts(link!["rt"]), Texts(link["if"])));
            }
        }

        return links;
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static List<string> Texts(JsonNode? node) => [.. (node as JsonArray ?? []).Select(Text).OfType<string>()];
}
