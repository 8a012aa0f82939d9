using System.Security.Cryptography;
using System.Text;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>Entity tags: what HTTP calls one has up to eight bytes in CoAP (RFC 7252, 5.10.6).</summary>
internal static class RemoteETag
{
    private const int MaxLength = 8;

    /// <summary>The tag; empty where there is none.</summary>
    /// <param name="etag"><c>ETag</c> as sent: a device's own tag in hexadecimal becomes what it was, a short text its bytes, a longer one is digested.</param>
    public static ReadOnlyMemory<byte> Of(string? etag)
    {
        if (etag is null) return default;
        var text = etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag;
        if (text.Length < 3 || text[0] != '"' || text[^1] != '"') return default;
        text = text[1..^1];
        if (text.Length <= 2 * MaxLength && text.Length % 2 == 0 && text.All(char.IsAsciiHexDigitLower)) return Convert.FromHexString(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length <= MaxLength ? bytes : SHA256.HashData(bytes).AsMemory(0, MaxLength);
    }
}
