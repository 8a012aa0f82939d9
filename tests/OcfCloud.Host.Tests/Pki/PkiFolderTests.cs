using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using OcfCloud.Host.Pki;

namespace OcfCloud.Host.Tests.Pki;

public sealed class PkiFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_clouds_certificate_is_an_OCF_identity_of_its_UUID()
    {
        var id = Guid.NewGuid();
        Make(id, "cloud.example", "192.0.2.7");

        using var cloud = X509CertificateLoader.LoadCertificateFromFile(_folder["cloud.pem"]);
        Assert.Equal($"CN=uuid:{id:D}", cloud.Subject);
        Assert.Equal(id, IdentityCertificate.IdOf(cloud));
        Assert.Equal("1.2.840.10045.3.1.7", cloud.GetECDsaPublicKey()!.ExportParameters(false).Curve.Oid.Value);
        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.44924.1.6"], UsagesOf(cloud));
        var names = cloud.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Contains("localhost", names.EnumerateDnsNames());
        Assert.Contains("cloud.example", names.EnumerateDnsNames());
        Assert.Equal(["127.0.0.1", "::1", "192.0.2.7"], names.EnumerateIPAddresses().Select(address => address.ToString()));
        Assert.True(LeadsTo(cloud, "cloud-ca.pem"));
        Assert.False(LeadsTo(cloud, "device-ca.pem"));
    }

    [Fact]
    public void A_devices_certificate_leads_to_the_device_authority_alone()
    {
        Make(null);
        var id = Guid.NewGuid();
        new PkiFolder(_folder.Path, _time).IssueDevice(id, _folder["device"]);

        using var device = X509Certificate2.CreateFromPemFile(_folder["device/device.pem"], _folder["device/device.key"]);
        Assert.Equal($"CN=uuid:{id:D}", device.Subject);
        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.44924.1.6"], UsagesOf(device));
        Assert.True(LeadsTo(device, "device-ca.pem"));
        Assert.False(LeadsTo(device, "cloud-ca.pem"));
        Assert.Equal(File.ReadAllText(_folder["cloud-ca.pem"]), File.ReadAllText(_folder["device/cloud-ca.pem"]));
    }

    [Fact]
    public void Keys_are_for_their_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Make(null);
        new PkiFolder(_folder.Path, _time).IssueDevice(Guid.NewGuid(), _folder["device"]);

        foreach (var key in Directory.GetFiles(_folder.Path, "*.key", SearchOption.AllDirectories))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        }
    }

    [Fact]
    public void What_is_there_stays()
    {
        Make(Guid.NewGuid());
        var before = ReadAll();

        Assert.Empty(Make(Guid.NewGuid(), "other.example"));
        Assert.Equal(before, ReadAll());
    }

    [Fact]
    public void A_pair_that_a_kill_left_half_is_made_anew()
    {
        Make(null);
        File.Delete(_folder["cloud.pem"]);

        Assert.Equal([_folder["cloud.pem"]], Make(null));
        using var cloud = X509Certificate2.CreateFromPemFile(_folder["cloud.pem"], _folder["cloud.key"]);
        Assert.True(LeadsTo(cloud, "cloud-ca.pem"));
    }

    [Fact]
    public void An_authority_whose_key_is_kept_elsewhere_is_not_replaced()
    {
        Make(null);
        var before = File.ReadAllText(_folder["cloud-ca.pem"]) + File.ReadAllText(_folder["device-ca.pem"]);
        File.Delete(_folder["cloud-ca.key"]);
        File.Delete(_folder["device-ca.key"]);
        _time.Advance(TimeSpan.FromDays(800));

        Assert.Empty(Make(null));
        File.Delete(_folder["cloud.pem"]);
        Assert.Throws<FileNotFoundException>(() => Make(null));
        Assert.Equal(before, File.ReadAllText(_folder["cloud-ca.pem"]) + File.ReadAllText(_folder["device-ca.pem"]));
    }

    [Fact]
    public void A_cloud_whose_key_is_lost_stays_who_it_is()
    {
        var id = Guid.NewGuid();
        Make(id);
        File.Delete(_folder["cloud.key"]);

        Assert.Equal([_folder["cloud.pem"]], Make(null));
        using var cloud = X509Certificate2.CreateFromPemFile(_folder["cloud.pem"], _folder["cloud.key"]);
        Assert.Equal(id, IdentityCertificate.IdOf(cloud));
    }

    [Fact]
    public void A_cloud_certificate_near_its_end_is_renewed_for_the_same_UUID()
    {
        var id = Guid.NewGuid();
        Make(id);
        _time.Advance(TimeSpan.FromDays(800));

        Assert.Equal([_folder["cloud.pem"]], Make(null));
        using var cloud = X509CertificateLoader.LoadCertificateFromFile(_folder["cloud.pem"]);
        Assert.Equal(id, IdentityCertificate.IdOf(cloud));
        Assert.True(cloud.NotAfter > _time.GetUtcNow().AddDays(800).LocalDateTime);
    }

    [Fact]
    public void Without_an_authority_no_device_is_certified() =>
        Assert.Throws<FileNotFoundException>(() => new PkiFolder(_folder.Path, _time).IssueDevice(Guid.NewGuid(), _folder["device"]));

    private static IEnumerable<string?> UsagesOf(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Select(usage => usage.Value);

    private IReadOnlyList<string> Make(Guid? id, params string[] names) => new PkiFolder(_folder.Path, _time).Ensure(id, names);

    private string[] ReadAll() => [.. Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private bool LeadsTo(X509Certificate2 leaf, string anchor)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(_folder[anchor]));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().LocalDateTime;
        return chain.Build(leaf);
    }
}
