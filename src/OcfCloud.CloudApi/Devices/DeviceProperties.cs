using System.Globalization;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Payloads;
using OcfCloud.Core.Twins;

namespace OcfCloud.CloudApi.Devices;

/// <summary>What the member <c>device</c> says; what <c>/oic/d</c> lacks has defaults (cloud-to-cloud.md, 1.3).</summary>
/// <param name="Rt">Device types.</param>
/// <param name="Dmn">The manufacturer's name: language and text.</param>
/// <param name="N">The name.</param>
internal sealed record DeviceProperties(IReadOnlyList<string> Rt, IReadOnlyList<(string Language, string Value)> Dmn, string N)
{
    private const int MaxLength = 64;
    private const string DefaultType = "oic.wk.d", DefaultLanguage = "en", UnknownName = "unknown";

    /// <summary>Reads them from what is known of a device.</summary>
    public static DeviceProperties Of(DeviceDetails device)
    {
        var d = MapOf(device, TwinStore.DeviceHref);
        var dmn = DmnOf(d);
        return new DeviceProperties(
            TypesOf(device, d),
            dmn.Count > 0 ? dmn : [(DefaultLanguage, TextOf(MapOf(device, TwinStore.PlatformHref), "mnmn") ?? UnknownName)],
            TextOf(d, "n") ?? device.DeviceId.ToString());
    }

    private static string[] TypesOf(DeviceDetails device, CborMap? d)
    {
        // A device whose twin is not kept has said its type with the link.
        if (d is null && device.Links.FirstOrDefault(link => link.Href.Value == TwinStore.DeviceHref) is { } link) return [.. link.Rt.Distinct(StringComparer.Ordinal)];
        if (d?.Texts("rt", out var texts) != CborMember.Found) return [DefaultType];
        string[] types = [.. texts.Where(text => text.Length > 0).Select(Cut).Distinct(StringComparer.Ordinal)];
        return types.Length > 0 ? types : [DefaultType];
    }

    private static List<(string Language, string Value)> DmnOf(CborMap? d)
    {
        if (d is null) return [];
        if (d.Maps("dmn", out var names) == CborMember.Found)
        {
            return [.. names.Select(name => (Language: TextOf(name, "language") ?? DefaultLanguage, Value: TextOf(name, "value"))).Where(n => n.Value is not null).Select(n => (n.Language, n.Value!))];
        }

        // As older devices write it.
        return TextOf(d, "dmn") is { } one ? [(DefaultLanguage, one)] : [];
    }

    private static CborMap? MapOf(DeviceDetails device, string href)
    {
        if (device.Representations.FirstOrDefault(r => r.Href == href) is not { } known) return null;
        var cbor = known.Representation;
        if (known.ContentFormat == Representations.Representation.JsonFormat)
        {
            if (!PayloadConversion.TryToCbor(cbor.Span, out var converted)) return null;
            cbor = converted;
        }

        return CborMap.TryRead(cbor, out var map) ? map : null;
    }

    private static string? TextOf(CborMap? map, string name) => map?.Text(name, out var text) == CborMember.Found && text.Length > 0 ? Cut(text) : null;

    // Characters as people count them stay whole.
    private static string Cut(string text)
    {
        if (text.Length <= MaxLength) return text;
        var length = 0;
        while (length + StringInfo.GetNextTextElementLength(text, length) is var next && next <= MaxLength) length = next;
        return text[..length];
    }
}
