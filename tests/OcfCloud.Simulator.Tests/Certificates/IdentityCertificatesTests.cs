using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Certificates;
using OcfCloud.Simulator.Tests.Support;

namespace OcfCloud.Simulator.Tests.Certificates;

public sealed class IdentityCertificatesTests : IDisposable
{
    private readonly TestPki _pki = new();

    public void Dispose() => _pki.Dispose();

    [Fact]
    public void A_certificate_is_made_for_the_device_id_and_carries_the_uses_of_OCF()
    {
        var id = Guid.NewGuid();

        using var certificate = new IdentityCertificates(_pki.Data, TimeProvider.System).Get("light-1", id);

        Assert.Equal($"CN=uuid:{id:D}", certificate.Subject);
        var uses = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages
            .Cast<System.Security.Cryptography.Oid>().Select(o => o.Value);
        Assert.Equal(["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1", "1.3.6.1.4.1.44924.1.6"], uses);
        Assert.Equal(256, certificate.GetECDsaPublicKey()!.KeySize);
        using var chain = new X509Chain { ChainPolicy = TrustAnchors.PolicyFor([_pki.DeviceCa]) };
        Assert.True(chain.Build(certificate));
    }

    [Fact]
    public void It_is_kept_with_a_key_that_only_its_owner_can_read()
    {
        var id = Guid.NewGuid();
        var certificates = new IdentityCertificates(_pki.Data, TimeProvider.System);
        using var first = certificates.Get("light-1", id);
        using var again = certificates.Get("light-1", id);

        Assert.Equal(first.Thumbprint, again.Thumbprint);
        if (OperatingSystem.IsWindows())
            return; // file modes are those of Unix
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_pki.Data.SimulatorFile("light-1.key")));
    }

    [Fact]
    public void One_of_another_device_or_another_CA_is_made_anew()
    {
        var id = Guid.NewGuid();
        using var other = new IdentityCertificates(_pki.Data, TimeProvider.System).Get("light-1", Guid.NewGuid());
        using var mine = new IdentityCertificates(_pki.Data, TimeProvider.System).Get("light-1", id);
        using var otherPki = new TestPki();
        File.Copy(otherPki.Data.DeviceAuthority, _pki.Data.DeviceAuthority, overwrite: true);
        File.Copy(otherPki.Data.DeviceAuthorityKey, _pki.Data.DeviceAuthorityKey, overwrite: true);
        using var anew = new IdentityCertificates(_pki.Data, TimeProvider.System).Get("light-1", id);

        Assert.NotEqual(other.Thumbprint, mine.Thumbprint);
        Assert.NotEqual(mine.Thumbprint, anew.Thumbprint);
        Assert.Equal("CN=device CA", anew.Issuer);
    }

    [Theory]
    [InlineData("CN=uuid:987e6543-a21f-10d1-a112-421345746237", true)]
    [InlineData("CN=UUID:987E6543-A21F-10D1-A112-421345746237, O=Maker", true)]
    [InlineData("CN=987e6543-a21f-10d1-a112-421345746237", false)] // a maker's number binds nothing
    [InlineData("O=uuid:987e6543-a21f-10d1-a112-421345746237", false)]
    public void The_identity_is_read_from_the_common_name_alone(string subject, bool found)
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        using var certificate = new CertificateRequest(subject, key, System.Security.Cryptography.HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));

        Assert.Equal(found, CertificateIdentity.TryRead(certificate, out _));
    }
}
