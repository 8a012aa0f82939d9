using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Core.Certificates;

namespace OcfCloud.Core.Tests.Certificates;

public sealed class PemBundleTests
{
    private static readonly string First = Make("first"), Second = Make("second");

    [Fact]
    public void All_certificates_are_read_whatever_stands_between_and_behind_them()
    {
        var read = PemBundle.Read($"# ours\n{First}\nan old one -- kept\n{Second}\n# the end ---\n");

        Assert.Equal(["CN=first", "CN=second"], read.Select(certificate => certificate.Subject));
    }

    [Fact]
    public void A_file_that_ends_within_a_certificate_is_not_believed()
    {
        var whole = $"{First}\n{Second}";

        // From the second line's second dash to the last but one of its end.
        for (var length = First.Length + 3; length < whole.Length; length += 7)
            Assert.Throws<CryptographicException>(() => PemBundle.Read(whole[..length]));
    }

    private static string Make(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));
        return made.ExportCertificatePem();
    }
}
