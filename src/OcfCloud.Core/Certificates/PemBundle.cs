using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Core.Certificates;

/// <summary>Certificates in a PEM file, leaf first where there is one.</summary>
public static class PemBundle
{
    private const string Begin = "-----BEGIN CERTIFICATE-----";

    /// <summary>Reads all certificates. A file that is just being written may end within one, which the platform passes over in silence.</summary>
    /// <param name="text">The file's text.</param>
    /// <exception cref="CryptographicException">One cannot be read, or is cut off.</exception>
    public static X509Certificate2Collection Read(string text)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPem(text);
        return found.Count == text.AsSpan().Count(Begin) ? found : throw new CryptographicException("holds a certificate that is cut off");
    }
}
