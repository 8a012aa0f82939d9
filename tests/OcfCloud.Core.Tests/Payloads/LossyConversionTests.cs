using System.Text;
using CsCheck;
using OcfCloud.Core.Payloads;

namespace OcfCloud.Core.Tests.Payloads;

/// <summary>cloud-to-cloud.md, 1.3: CBOR to JSON as RFC 8949, 6.1 says.</summary>
public class LossyConversionTests
{
    [Theory]
    [InlineData("00", "0")]
    [InlineData("1bffffffffffffffff", "18446744073709551615")]
    [InlineData("3bffffffffffffffff", "-18446744073709551616")]
    [InlineData("f93e00", "1.5")]
    [InlineData("fb3ff0000000000000", "1.0")]
    [InlineData("f4", "false")]
    [InlineData("f6", "null")]
    [InlineData("62c3bc", "\"ü\"")]
    [InlineData("bf6576616c7565f5616e644c616d70ff", """{"value":true,"n":"Lamp"}""")]
    [InlineData("43fbff01", "\"-_8B\"")]
    [InlineData("40", "\"\"")]
    [InlineData("5f42fbff4101ff", "\"-_8B\"")]
    [InlineData("d643fbff01", "\"+/8B\"")]
    [InlineData("d742fbff", "\"FBFF\"")]
    [InlineData("d582d742fbff42fbff", "[\"FBFF\",\"-_8\"]")]
    [InlineData("d78142fbff", "[\"FBFF\"]")]
    [InlineData("c249010000000000000000", "\"AQAAAAAAAAAA\"")]
    [InlineData("c349010000000000000000", "\"~AQAAAAAAAAAA\"")]
    [InlineData("c11a514b67b0", "1363896240")]
    [InlineData("d9d9f76161", "\"a\"")]
    [InlineData("f97e00", "null")]
    [InlineData("fa7f800000", "null")]
    [InlineData("fbfff0000000000000", "null")]
    [InlineData("f7", "null")]
    [InlineData("e0", "null")]
    [InlineData("f8ff", "null")]
    [InlineData("a10102", """{"1":2}""")]
    [InlineData("a12002", """{"-1":2}""")]
    [InlineData("a1f501", """{"true":1}""")]
    [InlineData("a141fb01", """{"-w":1}""")]
    [InlineData("a181016161", """{"gQE":"a"}""")]
    [InlineData("a1a1010202", """{"oQEC":2}""")]
    [InlineData("a1d8206161f5", """{"2CBhYQ":true}""")]
    [InlineData("a2010261310361", null)]
    [InlineData("a20102613103", """{"1":2}""")]
    [InlineData("a16161", null)]
    [InlineData("", null)]
    [InlineData("9f00", null)]
    public void Everything_that_is_CBOR_has_a_form(string cbor, string? json)
    {
        Assert.Equal(json is not null, PayloadConversion.TryToJsonWithLoss(Convert.FromHexString(cbor), out var written));
        Assert.Equal(json, written is null ? null : Encoding.UTF8.GetString(written));
    }

    [Fact]
    public void Keys_within_keys_do_not_make_much_of_little()
    {
        // A map whose only key is such a map again.
        const int Levels = 20;
        byte[] cbor = [.. Enumerable.Repeat((byte)0xa1, Levels), 0x00, .. Enumerable.Repeat((byte)0x00, Levels)];

        Assert.True(PayloadConversion.TryToJsonWithLoss(cbor, out var written));
        Assert.InRange(written!.Length, 1, 2 * cbor.Length);
    }

    [Fact]
    public void What_loses_nothing_is_written_as_the_exact_way_writes_it() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        var exact = PayloadConversion.TryToJson(bytes, out var lossless);
        Assert.Equal(CborValidation.IsWellFormed(bytes), PayloadConversion.TryToJsonWithLoss(bytes, out var lossy));
        if (exact) Assert.Equal(lossless, lossy);
    });
}
