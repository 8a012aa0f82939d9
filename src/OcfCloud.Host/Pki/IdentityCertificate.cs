using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Host.Pki;

/// <summary>An OCF identity certificate: CN <c>uuid:&lt;id&gt;</c>, for both sides of TLS and as an OCF identity (ISO/IEC 30118-2, 9.4.2).</summary>
internal sealed record IdentityCertificate(string Certificate, string Key)
{
    /// <summary>The extended key usage of OCF identity certificates.</summary>
    public const string OcfIdentity = "1.3.6.1.4.1.44924.1.6";

    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <summary>Makes a new key and has it certified.</summary>
    /// <param name="authority">Who signs.</param>
    /// <param name="id">The device's or the cloud's UUID.</param>
    /// <param name="names">DNS names and IP addresses under which it is reached; none for a device.</param>
    /// <param name="lifetime">From now on.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The leaf and its key, PEM.</returns>
    public static IdentityCertificate Issue(CertificateAuthority authority, Guid id, IReadOnlyCollection<string> names, TimeSpan lifetime, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName($"uuid:{id:D}");
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication), new Oid(ClientAuthentication), new Oid(OcfIdentity)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (names.Count > 0)
        {
            request.CertificateExtensions.Add(AlternativeNames(names));
        }

        using var certificate = authority.Issue(request, lifetime, time);
        return new IdentityCertificate(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>The UUID of a subject CN <c>uuid:&lt;id&gt;</c>, or null.</summary>
    public static Guid? IdOf(X509Certificate2 certificate)
    {
        const string prefix = "uuid:";
        var name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && Guid.TryParseExact(name.AsSpan(prefix.Length), "D", out var id) ? id : null;
    }

    private static X509Extension AlternativeNames(IReadOnlyCollection<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(name, out var address))
            {
                builder.AddIpAddress(address);
            }
            else
            {
                builder.AddDnsName(name);
            }
        }

        return builder.Build();
    }
}
