using System.Text.Json;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Mirrors;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Devices as another cloud tells of them: <c>{device, status, links}</c> (cloud-to-cloud.md, 1.3).</summary>
/// <param name="Devices">Those that can be mirrored.</param>
/// <param name="Unread">Devices that are there, but told in a way that cannot be mirrored: they are not gone.</param>
/// <param name="LeftOut">How many were no device, or one too many.</param>
internal sealed record ToldDevices(IReadOnlyList<MirroredContent> Devices, IReadOnlySet<DeviceId> Unread, int LeftOut)
{
    /// <summary>Reads a list.</summary>
    /// <param name="contentType">The body's media type.</param>
    /// <param name="body">The body.</param>
    /// <param name="mirrored">Devices that are mirrored already: of too many these stay.</param>
    /// <param name="maxDevices">How many devices at most.</param>
    /// <param name="maxLinks">How many links of each.</param>
    /// <returns>Null where it is no array, or one in which nothing is a device.</returns>
    public static ToldDevices? TryReadList(string? contentType, ReadOnlyMemory<byte> body, IReadOnlySet<DeviceId> mirrored, int maxDevices, int maxLinks)
    {
        using var document = ToldPayload.TryParse(contentType, body);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Array } list) return null;
        var devices = new Dictionary<DeviceId, MirroredContent>();
        var unread = new HashSet<DeviceId>();
        var leftOut = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (TryRead(item, maxLinks) is { } device)
            {
                devices[device.Device] = device;
                continue;
            }
            leftOut++;
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("device", out var properties) && ToldPayload.TryDevice(properties, out var id)) unread.Add(id);
        }
        if (devices.Count == 0 && leftOut > 0) return null;
        var taken = devices.Values.OrderByDescending(device => mirrored.Contains(device.Device)).Take(maxDevices).ToList();
        return new ToldDevices(taken, unread, leftOut + devices.Count - taken.Count);
    }

    /// <summary>Reads one device.</summary>
    /// <returns>Null where it is none, or another one.</returns>
    public static MirroredContent? TryReadOne(string? contentType, ReadOnlyMemory<byte> body, DeviceId device, int maxLinks)
    {
        using var document = ToldPayload.TryParse(contentType, body);
        return document is not null && TryRead(document.RootElement, maxLinks) is { } content && content.Device == device ? content : null;
    }

    private static MirroredContent? TryRead(JsonElement item, int maxLinks)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("device", out var properties) || !ToldPayload.TryDevice(properties, out var device)) return null;
        if (!ToldPayload.TryText(item, "status", out var status) || status is not ("online" or "offline")) return null;
        if (!item.TryGetProperty("links", out var links) || links.ValueKind != JsonValueKind.Array) return null;
        var name = ToldPayload.TryText(properties, "n", out var n) && n.Length > 0 ? n : device.ToString();
        var types = ToldPayload.Texts(properties, "rt", ResourceLink.MaxValueLength, ResourceLink.MaxValues);
        return new MirroredContent(device, Shortened(name), types, status == "online", ToldLinks.Read(links, device, maxLinks));
    }

    private static string Shortened(string name)
    {
        const int Max = MirroredContent.MaxNameLength;
        if (name.Length <= Max) return name;
        return char.IsHighSurrogate(name[Max - 1]) ? name[..(Max - 1)] : name[..Max];
    }
}
