using System.Security.Cryptography;
using System.Text;
using OcfCloud.Identity.DeviceClients;

namespace OcfCloud.Onvif.Enrolment;

/// <summary>PKCS#10 requests as people have them: PEM (RFC 7468, 7), base64 of the DER, or the DER itself.</summary>
public static class CertificationRequestFile
{
    /// <summary>Bytes of such a file: PEM takes a third more than DER, and may have words before it.</summary>
    public const int MaxLength = 4 * DeviceKey.MaxRequestLength;

    private const string Label = "CERTIFICATE REQUEST";
    private const string OldLabel = "NEW CERTIFICATE REQUEST";

    /// <summary>Takes the request out of a file; whether it is one is looked at when it is enrolled.</summary>
    /// <returns>The DER; null where there is none in it, or the file is too large.</returns>
    public static byte[]? Read(ReadOnlySpan<byte> file)
    {
        if (file.Length > MaxLength) return null;
        var text = Encoding.Latin1.GetString(file);
        if (text.Contains("-----BEGIN", StringComparison.Ordinal))
            return PemEncoding.TryFind(text, out var found) && text[found.Label] is Label or OldLabel ? Convert.FromBase64String(text[found.Base64Data]) : null;

        // DER is never base64: of a request's length the first byte is 0x81 or 0x82.
        var bytes = new byte[file.Length];
        return Convert.TryFromBase64String(text, bytes, out var written) && written > 0 ? bytes[..written] : file.ToArray();
    }
}
