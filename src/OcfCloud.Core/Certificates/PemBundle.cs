using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Core.Certificates;

/// <summary>Certificates in a PEM file, leaf first where there is one.</summary>
public static class PemBundle
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";
    private const string End = "-----END ";

    /// <summary>Reads all certificates. A file that is just being written may end within one, which the platform passes over in silence.</summary>
    /// <param name="text">The file's text.</param>
    /// <exception cref="CryptographicException">One cannot be read, or is cut off.</exception>
    public static X509Certificate2Collection Read(string text)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPem(text);
        return found.Count == text.AsSpan().Count(Begin) && !EndsWithin(text) ? found : throw new CryptographicException("holds a certificate that is cut off");
    }

    // Behind the last END line, a line that begins with dashes is the beginning of a block.
    private static bool EndsWithin(string text)
    {
        var last = text.LastIndexOf(End, StringComparison.Ordinal);
        return last >= 0 && text.AsSpan(last).Contains("\n--", StringComparison.Ordinal);
    }
}
