using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.LoadGenerator.Devices;

/// <summary>Certifies devices with the device CA of a <c>pki</c> folder, as <c>pki issue-device</c> does, without a process for each.</summary>
internal sealed class DeviceAuthority(string folder) : IDisposable
{
    private const string OcfIdentity = "1.3.6.1.4.1.44924.1.6";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _issuer =
        X509Certificate2.CreateFromPemFile(Path.Combine(folder, "device-ca.pem"), Path.Combine(folder, "device-ca.key"));

    /// <summary>A P-256 certificate for a device, valid for a day.</summary>
    public X509Certificate2 Issue(Guid id)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=uuid:{id:D}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyAgreement, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new(ClientAuthentication), new(ServerAuthentication), new(OcfIdentity)], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            _issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = DateTimeOffset.UtcNow;
        using var certificate = request.Create(_issuer, now.AddHours(-1), now.AddDays(1), RandomNumberGenerator.GetBytes(16));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <inheritdoc/>
    public void Dispose() => _issuer.Dispose();
}
