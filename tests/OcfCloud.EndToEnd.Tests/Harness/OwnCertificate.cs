using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>The certificate of a server on this machine, signed by itself, as files.</summary>
internal sealed class OwnCertificate : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes it.</summary>
    /// <param name="commonName">A cloud's carries its UUID (ISO/IEC 30118-10, 7.1).</param>
    public OwnCertificate(string commonName = "localhost")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path, certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    public string Path => _folder.File("own.pem");

    public string KeyPath => _folder.File("own.key");

    public void Dispose() => _folder.Dispose();
}
