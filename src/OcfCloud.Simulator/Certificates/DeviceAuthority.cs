using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Simulator.Certificates;

/// <summary>Issues identity certificates with a CA of the data directory, as an onboarding tool would for a device that it owns.</summary>
internal sealed class DeviceAuthority(string certificatePath, string keyPath, TimeProvider time)
{
    private const string OcfIdentity = "1.3.6.1.4.1.44924.1.6";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    /// <summary>Whether both files are there.</summary>
    public bool Exists => File.Exists(certificatePath) && File.Exists(keyPath);

    /// <summary>Issues a certificate for a new P-256 key; the caller disposes it.</summary>
    /// <exception cref="CryptographicException">The CA's files do not fit together.</exception>
    /// <param name="id">Whose it is.</param>
    /// <param name="names">DNS names and addresses that it is reached under; a device has none.</param>
    public X509Certificate2 Issue(Guid id, params IReadOnlyCollection<string> names)
    {
        using var issuer = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={CertificateIdentity.CommonNameOf(id)}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new(ClientAuthentication), new(ServerAuthentication), new(OcfIdentity)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (names.Count > 0)
            request.CertificateExtensions.Add(AlternativeNames(names));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        var now = time.GetUtcNow();
        var notBefore = Later(now.AddHours(-1), new DateTimeOffset(issuer.NotBefore));
        var notAfter = Earlier(now + Lifetime, new DateTimeOffset(issuer.NotAfter));
        using var certificate = request.Create(issuer, notBefore, notAfter, RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    private static X509Extension AlternativeNames(IEnumerable<string> names)
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (var name in names.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (IPAddress.TryParse(name, out var address))
                builder.AddIpAddress(address);
            else if (Uri.CheckHostName(name) == UriHostNameType.Dns)
                builder.AddDnsName(name);
        }

        return builder.Build();
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
