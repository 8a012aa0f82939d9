using System.Text;
using System.Text.Json;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Payloads;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Links as another cloud tells them: hrefs below the device's id (cloud-to-cloud.md, 1.3).</summary>
internal static class ToldLinks
{
    // As in the directory: discoverable where the device says nothing.
    private const int DefaultBm = 1;

    private static readonly string[] Known = ["href", "rt", "if", "p"];

    /// <summary>Reads an array; what is no link is left out, and so are those beyond <paramref name="max"/>.</summary>
    public static List<ResourceLink> Read(JsonElement links, DeviceId device, int max)
    {
        var read = new List<ResourceLink>();
        foreach (var link in links.EnumerateArray())
        {
            if (read.Count == max) break;
            if (TryRead(link, device) is { } one) read.Add(one);
        }
        return read;
    }

    /// <summary>The hrefs of an array of links, as they are on the device.</summary>
    public static HashSet<string> Hrefs(JsonElement links, DeviceId device)
    {
        var hrefs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var link in links.EnumerateArray())
        {
            if (ToldPayload.TryText(link, "href", out var text) && ResourceHref.TryParse(DeviceHrefs.Remove(device, text), out var href)) hrefs.Add(href.Value);
        }
        return hrefs;
    }

    private static ResourceLink? TryRead(JsonElement link, DeviceId device)
    {
        if (!ToldPayload.TryText(link, "href", out var text) || !ResourceHref.TryParse(DeviceHrefs.Remove(device, text), out var href)) return null;
        var rt = ToldPayload.Texts(link, "rt", ResourceLink.MaxValueLength, ResourceLink.MaxValues);
        var @if = ToldPayload.Texts(link, "if", ResourceLink.MaxValueLength, ResourceLink.MaxValues);
        var bm = DefaultBm;
        if (link.TryGetProperty("p", out var policy) && policy.ValueKind == JsonValueKind.Object && policy.TryGetProperty("bm", out var bits)
            && (bits.ValueKind != JsonValueKind.Number || !bits.TryGetInt32(out bm))) return null;
        return ResourceLink.TryCreate(href, rt, @if, bm, Parameters(link), out var created) ? created : null;
    }

    private static IEnumerable<LinkParameter> Parameters(JsonElement link)
    {
        foreach (var member in link.EnumerateObject())
        {
            if (Known.Contains(member.Name, StringComparer.Ordinal)) continue;
            if (PayloadConversion.TryToCbor(Encoding.UTF8.GetBytes(member.Value.GetRawText()), out var value)) yield return new LinkParameter(member.Name, value);
        }
    }
}
