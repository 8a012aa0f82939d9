using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.OriginCloud;

/// <summary>The certificate of a Target Cloud on this machine, signed by itself, as files; its CN carries the cloud's UUID (ISO/IEC 30118-10, 7.1).</summary>
internal sealed class TargetCertificate : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TargetCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=uuid:{CloudId}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    public Guid CloudId { get; } = Guid.NewGuid();

    public string Path => _folder.File("target.pem");

    public string KeyPath => _folder.File("target.key");

    public void Dispose() => _folder.Dispose();
}
