using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using OcfCloud.Identity.DeviceClients;

namespace OcfCloud.Identity.Tests.DeviceClients;

public sealed class DeviceKeyTests
{
    [Theory]
    [InlineData("P-256")]
    [InlineData("P-384")]
    public void A_key_of_an_elliptic_curve_is_taken_with_its_thumbprint(string curve)
    {
        using var pair = ECDsa.Create(curve == "P-256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        var request = Requests.Of(pair, "CN=cam-1, O=Acme");

        var key = DeviceKey.Read(request, out var refusal);

        Assert.Null(refusal);
        using var jwk = JsonDocument.Parse(key!.Jwk);
        Assert.Equal(curve, jwk.RootElement.GetProperty("crv").GetString());
        Assert.Equal("CN=cam-1, O=Acme", key.Subject);
        Assert.Equal(request, key.CertificationRequest);

        // The library's own computation of RFC 7638 is the measure.
        Assert.Equal(Base64UrlEncoder.Encode(new ECDsaSecurityKey(pair).ComputeJwkThumbprint()), key.Thumbprint);
    }

    [Fact]
    public void An_rsa_key_is_taken_from_3072_bits_on_and_a_shorter_one_where_that_is_allowed()
    {
        using var large = RSA.Create(3072);
        using var small = RSA.Create(2048);

        Assert.Equal(Base64UrlEncoder.Encode(new RsaSecurityKey(large).ComputeJwkThumbprint()), DeviceKey.Read(Requests.Of(large), out _)!.Thumbprint);
        Assert.Null(DeviceKey.Read(Requests.Of(small), out var refusal));
        Assert.Contains("2048 bits", refusal, StringComparison.Ordinal);
        Assert.NotNull(DeviceKey.Read(Requests.Of(small), out refusal, allowShortRsaKeys: true));
        Assert.Null(refusal);
    }

    [Fact]
    public void A_requests_subject_is_one_line()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        name.AddCommonName("cam\r\n12:00 WRN all is well");

        var subject = DeviceKey.Read(new CertificateRequest(name.Build(), pair, HashAlgorithmName.SHA256).CreateSigningRequest(), out _)!.Subject;

        Assert.Contains("all is well", subject, StringComparison.Ordinal);
        Assert.DoesNotContain(subject, char.IsControl);
    }

    [Fact]
    public void A_request_that_its_key_did_not_sign_is_refused()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Requests.Of(pair);
        request[^1] ^= 1;

        Assert.Null(DeviceKey.Read(request, out var refusal));
        Assert.NotNull(refusal);
    }

    [Fact]
    public void What_is_not_one_request_of_a_usable_key_is_refused()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP521);
        var request = Requests.Of(pair);
        byte[][] bad =
        [
            [],
            [0x30],
            request[..^1],
            [.. request, 0],
            Encoding.ASCII.GetBytes("-----BEGIN CERTIFICATE REQUEST-----"),
            new byte[DeviceKey.MaxRequestLength + 1],
            Requests.Of(other),
        ];

        foreach (var bytes in bad)
        {
            Assert.Null(DeviceKey.Read(bytes, out var refusal));
            Assert.False(string.IsNullOrEmpty(refusal));
        }
    }
}
