using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace OcfCloud.CloudApi.Devices;

/// <summary>Percent-decoding of a part of a request's target, strictly (RFC 3986, 2.1): a plus stays a plus.</summary>
internal static class PercentEncoding
{
    /// <summary>Decodes a part.</summary>
    /// <returns>False where a percent sign has no two digits behind it, or the bytes are no UTF-8.</returns>
    public static bool TryDecode(string encoded, [NotNullWhen(true)] out string? decoded)
    {
        decoded = encoded;
        if (!encoded.Contains('%', StringComparison.Ordinal)) return true;
        decoded = null;
        var bytes = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] != '%')
            {
                // A server takes nothing but ASCII in a target.
                bytes.Add((byte)encoded[i]);
                continue;
            }

            if (i + 2 >= encoded.Length || !char.IsAsciiHexDigit(encoded[i + 1]) || !char.IsAsciiHexDigit(encoded[i + 2])) return false;
            bytes.Add(Convert.FromHexString(encoded.AsSpan(i + 1, 2))[0]);
            i += 2;
        }

        byte[] utf8 = [.. bytes];
        if (!Utf8.IsValid(utf8)) return false;
        decoded = Encoding.UTF8.GetString(utf8);
        return true;
    }
}
