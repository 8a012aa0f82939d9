using System.Security.Cryptography;
using System.Text;

namespace OcfCloud.CloudLinking.LinkedClouds;

/// <summary>UUIDs that are made of names (RFC 9562, 5.5: version 5).</summary>
internal static class NamedUuid
{
    // RFC 9562, 6.6: the name space of URLs.
    private static readonly Guid Urls = new("6ba7b811-9dad-11d1-80b4-00c04fd430c8");

    public static Guid OfUrl(string url)
    {
        byte[] name = [.. Urls.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes(url)];
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // No protection: version 5 is SHA-1.
        SHA1.HashData(name, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
