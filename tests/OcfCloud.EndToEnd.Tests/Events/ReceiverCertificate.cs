using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Events;

/// <summary>The certificate of a receiver on this machine, signed by itself, as files.</summary>
internal sealed class ReceiverCertificate : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ReceiverCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    public string Path => _folder.File("receiver.pem");

    public string KeyPath => _folder.File("receiver.key");

    public void Dispose() => _folder.Dispose();
}
