using System.Security.Cryptography.X509Certificates;
using System.Text;
using OcfCloud.Core.Devices;
using OcfCloud.DeviceGateway.Tls;

namespace OcfCloud.DeviceGateway.Tests.Tls;

public class DeviceCertificateTests
{
    private const string Id = "9cfbeb8e-5a1e-4d1c-9d01-00c04fd430c8";
    private const string OtherId = "11111111-2222-4333-8444-555555555555";

    [Theory]
    [InlineData("uuid:" + Id)]
    [InlineData("uuid:9CFBEB8E-5A1E-4D1C-9D01-00C04FD430C8")]
    public void A_common_name_of_uuid_and_a_UUID_binds_the_device_id(string commonName)
    {
        Assert.Equal(CertificateIdentity.Bound, Read(name => name.AddCommonName(commonName), out var id));
        Assert.Equal(Id, id.ToString());
    }

    [Theory]
    [InlineData(Id)]
    [InlineData("a maker's device")]
    [InlineData("uuid:")]
    [InlineData("uuid:{" + Id + "}")]
    [InlineData("uuid:" + Id + " ")]
    [InlineData(" uuid:" + Id)]
    [InlineData("x, CN=uuid:" + Id)]
    [InlineData("uuid:" + Id + "\0.example")]
    [InlineData("uuid:9cfbeb8e5a1e4d1c9d0100c04fd430c8")]
    public void Any_other_common_name_binds_nothing(string commonName) =>
        Assert.Equal(CertificateIdentity.Unbound, Read(name => name.AddCommonName(commonName), out _));

    [Fact]
    public void A_uuid_in_another_part_of_the_name_binds_nothing() =>
        Assert.Equal(CertificateIdentity.Unbound, Read(name => name.AddOrganizationName("uuid:" + Id), out _));

    [Fact]
    public void A_second_common_name_does_not_hide_the_one_that_binds()
    {
        Assert.Equal(CertificateIdentity.Bound, Read(
            name =>
            {
                name.AddCommonName("a lamp");
                name.AddCommonName("uuid:" + Id);
                name.AddCommonName(OtherId);
            },
            out var id));
        Assert.Equal(Id, id.ToString());
    }

    [Fact]
    public void A_certificate_that_names_two_devices_is_ambiguous() =>
        Assert.Equal(CertificateIdentity.Ambiguous, Read(
            name =>
            {
                name.AddCommonName("uuid:" + Id);
                name.AddCommonName("uuid:" + OtherId);
            },
            out _));

    [Fact]
    public void A_common_name_inside_a_multi_valued_part_binds_too()
    {
        // CN=uuid:… + O=x in one set.
        byte[] commonName = Pair(3, "uuid:" + Id), organisation = Pair(10, "x");
        var set = Tagged(0x31, [.. organisation, .. commonName]);
        var subject = new X500DistinguishedName(Tagged(0x30, set));

        Assert.Equal(CertificateIdentity.Bound, DeviceCertificate.ReadIdentity(subject, out var id));
        Assert.Equal(Id, id.ToString());
    }

    [Fact]
    public void A_name_that_cannot_be_read_does_not_pass_for_one_that_binds_nothing()
    {
        var subject = new X500DistinguishedName(Tagged(0x30, Tagged(0x31, Tagged(0x30, [0x06, 0x03, 0x55, 0x04, 0x03, 0x0C, 0x02, 0xC3, 0x28]))));

        Assert.Equal(CertificateIdentity.Ambiguous, DeviceCertificate.ReadIdentity(subject, out _));
    }

    private static CertificateIdentity Read(Action<X500DistinguishedNameBuilder> build, out DeviceId id)
    {
        var builder = new X500DistinguishedNameBuilder();
        build(builder);
        return DeviceCertificate.ReadIdentity(builder.Build(), out id);
    }

    private static byte[] Pair(byte attribute, string text) =>
        Tagged(0x30, [0x06, 0x03, 0x55, 0x04, attribute, .. Tagged(0x0C, Encoding.UTF8.GetBytes(text))]);

    private static byte[] Tagged(byte tag, byte[] content) => [tag, (byte)content.Length, .. content];
}
