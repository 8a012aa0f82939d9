using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.DataFiles;

namespace OcfCloud.Simulator.Tests.Support;

/// <summary>A data directory as the host makes it: a CA of the cloud and one of the devices.</summary>
internal sealed class TestPki : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public TestPki()
    {
        Data = new DataDirectory(_directory.Root);
        Directory.CreateDirectory(Path.Combine(Data.Root, "pki"));
        DeviceCa = MakeCa("device CA", Data.DeviceAuthority, Data.DeviceAuthorityKey);
        CloudCa = MakeCa("cloud CA", Data.CloudAnchor, Path.ChangeExtension(Data.CloudAnchor, ".key"));
    }

    public DataDirectory Data { get; }

    public X509Certificate2 DeviceCa { get; }

    public X509Certificate2 CloudCa { get; }

    public TrustAnchors CloudAnchors => TrustAnchors.Of(CloudCa);

    public TrustAnchors DeviceAnchors => TrustAnchors.Of(DeviceCa);

    public X509Certificate2 IssueDevice(Guid id) => new DeviceAuthority(Data.DeviceAuthority, Data.DeviceAuthorityKey, TimeProvider.System).Issue(id);

    public X509Certificate2 IssueCloud(Guid id) =>
        new DeviceAuthority(Data.CloudAnchor, Path.ChangeExtension(Data.CloudAnchor, ".key"), TimeProvider.System).Issue(id);

    public void Dispose()
    {
        DeviceCa.Dispose();
        CloudCa.Dispose();
        _directory.Dispose();
    }

    private static X509Certificate2 MakeCa(string name, string certificatePath, string keyPath)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(5));
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());
        File.WriteAllText(keyPath, key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }
}
