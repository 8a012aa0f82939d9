using OcfCloud.Core.Devices;
using OcfCloud.Core.Payloads;

namespace OcfCloud.DeviceGateway.Twins;

/// <summary>What <c>/oic/res</c> of a device says: whether it can be observed as a batch, and the representations of a batch (ISO/IEC 30118-1, 7.6.3.4).</summary>
internal static class BatchRepresentation
{
    /// <summary>The batch interface.</summary>
    public const string Interface = "oic.if.b";

    private const string DiscoveryHref = "/oic/res";
    private const int Observable = 2;

    /// <summary>Whether the links name <c>/oic/res</c> itself as observable by the batch interface.</summary>
    public static bool IsOffered(ReadOnlyMemory<byte> links, DeviceId device) =>
        CborMap.TryReadAll(links, out var maps) && maps.Any(link =>
            Href(link, device) == DiscoveryHref
            && link.Texts("if", out var interfaces) == CborMember.Found && interfaces.Contains(Interface, StringComparer.Ordinal)
            && link.Map("p", out var policy) == CborMember.Found && policy!.Integer("bm", out var bm) == CborMember.Found && (bm & Observable) != 0);

    /// <summary>The representations by their hrefs.</summary>
    public static IEnumerable<(string Href, ReadOnlyMemory<byte> Representation)> Read(ReadOnlyMemory<byte> batch, DeviceId device)
    {
        if (!CborMap.TryReadAll(batch, out var maps))
            yield break;
        foreach (var map in maps)
        {
            if (Href(map, device) is { } href && map.Members.TryGetValue("rep", out var representation))
                yield return (href, representation);
        }
    }

    private static string? Href(CborMap map, DeviceId device)
    {
        if (map.Text("href", out var href) != CborMember.Found)
            return null;
        var anchor = $"ocf://{device}";
        return href.StartsWith(anchor, StringComparison.OrdinalIgnoreCase) ? href[anchor.Length..] : href;
    }
}
