using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Host.Pki;

/// <summary>A private authority of this installation: a self-signed P-256 certificate and its key.</summary>
internal sealed class CertificateAuthority : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3650);

    private CertificateAuthority(X509Certificate2 certificate) => Certificate = certificate;

    public X509Certificate2 Certificate { get; }

    public static CertificateAuthority Create(string name, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serial = NewSerialNumber();

        // Two authorities of the same name would be confused in chain building: the name carries a part of the serial number.
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName($"{name} {Convert.ToHexStringLower(serial.AsSpan(1, 4))}");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        return new CertificateAuthority(request.CreateSelfSigned(now.AddDays(-1), now + Lifetime));
    }

    /// <summary>Reads an authority that was made before.</summary>
    /// <exception cref="CryptographicException">The files are no certificate and key of one another.</exception>
    public static CertificateAuthority Load(string certificatePath, string keyPath) => new(X509Certificate2.CreateFromPemFile(certificatePath, keyPath));

    /// <summary>Signs a leaf. The authority must still be valid for the whole lifetime: the leaf ends with it at the latest.</summary>
    public X509Certificate2 Issue(CertificateRequest request, TimeSpan lifetime, TimeProvider time)
    {
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        // An hour back: clocks of devices are seldom exact.
        var now = time.GetUtcNow();
        var end = now + lifetime;
        var last = new DateTimeOffset(Certificate.NotAfter.ToUniversalTime());
        return request.Create(Certificate, now.AddHours(-1), end < last ? end : last, NewSerialNumber());
    }

    public string ExportCertificate() => Certificate.ExportCertificatePem() + "\n";

    public string ExportKey()
    {
        using var key = Certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    public void Dispose() => Certificate.Dispose();

    // RFC 5280, 4.1.2.2: positive, at most 20 octets.
    private static byte[] NewSerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}
