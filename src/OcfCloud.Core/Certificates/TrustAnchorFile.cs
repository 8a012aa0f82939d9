using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OcfCloud.Core.Certificates;

/// <summary>Reads the authorities out of a file: any number of PEM blocks, or one certificate in DER.</summary>
internal static class TrustAnchorFile
{
    private const byte DerSequence = 0x30;

    /// <summary>Reads all authorities of the file; other certificates in it are left out.</summary>
    /// <exception cref="UnusableFileException">It holds no authority's certificate, or a broken one.</exception>
    public static IReadOnlyList<X509Certificate2> Read(byte[] content)
    {
        var found = new X509Certificate2Collection();
        try
        {
            if (content is [DerSequence, ..])
            {
                found.Add(X509CertificateLoader.LoadCertificate(content));
            }
            else
            {
                found = PemBundle.Read(Encoding.UTF8.GetString(content));
            }
        }
        catch (CryptographicException e)
        {
            throw new UnusableFileException("holds a certificate that cannot be read, or is cut off", innerException: e);
        }

        if (found.Count == 0) throw new UnusableFileException("holds no certificate (PEM)");
        X509Certificate2[] authorities = [.. found.Where(IsAuthority)];
        return authorities.Length > 0 ? authorities : throw new UnusableFileException("holds certificates, but none of an authority");
    }

    // RFC 5280, 4.2.1.9; roots of version 1 have no extensions at all.
    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().FirstOrDefault() is { } constraints
            ? constraints.CertificateAuthority
            : TrustAnchors.IsSelfIssued(certificate) && certificate.Version < 3;
}
