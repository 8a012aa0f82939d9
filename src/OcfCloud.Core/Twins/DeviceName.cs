using OcfCloud.Core.Payloads;

namespace OcfCloud.Core.Twins;

/// <summary>A device's name as its <c>/oic/d</c> gives it (<c>n</c>).</summary>
internal static class DeviceName
{
    public const string Href = "/oic/d";

    private const int MaxLength = 256;

    /// <summary>Reads the name; null where the representation has none that can be shown.</summary>
    public static string? Read(ReadOnlyMemory<byte> representation, int contentFormat)
    {
        var cbor = representation;
        if (contentFormat == 50)
        {
            if (!PayloadConversion.TryToCbor(representation.Span, out var converted)) return null;
            cbor = converted;
        }
        return CborMap.TryRead(cbor, out var map) && map.Text("n", out var name) == CborMember.Found && name.Length is > 0 and <= MaxLength && !name.Any(char.IsControl)
            ? name
            : null;
    }
}
