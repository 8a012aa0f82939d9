using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.EndToEnd.Harness;

/// <summary>A private authority that several clouds get their certificates from.</summary>
internal sealed class SharedAuthority : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SharedAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=OcfCloud tests CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(60));
        File.WriteAllText(CertificatePath, certificate.ExportCertificatePem() + "\n");
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public string CertificatePath => _folder.File("ca.pem");

    private string KeyPath => _folder.File("ca.key");

    /// <summary>Puts certificate and key where a cloud looks for its own authority.</summary>
    public void CopyTo(string certificatePath, string keyPath)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(certificatePath)!);
        File.Copy(CertificatePath, certificatePath);
        File.Copy(KeyPath, keyPath);
    }

    public void Dispose() => _folder.Dispose();
}
