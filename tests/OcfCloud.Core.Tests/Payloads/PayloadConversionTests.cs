using System.Text;
using System.Text.Json;
using CsCheck;
using OcfCloud.Core.Payloads;

namespace OcfCloud.Core.Tests.Payloads;

/// <summary>device-to-cloud.md, 2: another format is converted where that is lossless, or refused.</summary>
public class PayloadConversionTests
{
    [Theory]
    [InlineData("00", "0")]
    [InlineData("1bffffffffffffffff", "18446744073709551615")]
    [InlineData("3bffffffffffffffff", "-18446744073709551616")]
    [InlineData("20", "-1")]
    [InlineData("f93e00", "1.5")]
    [InlineData("fb3ff0000000000000", "1.0")]
    [InlineData("fb8000000000000000", "-0.0")]
    [InlineData("fb7e37e43c8800759c", "1E+300")]
    [InlineData("f5", "true")]
    [InlineData("f4", "false")]
    [InlineData("f6", "null")]
    [InlineData("62c3bc", "\"ü\"")]
    [InlineData("7f61616162ff", "\"ab\"")]
    [InlineData("9f01820203ff", "[1,[2,3]]")]
    [InlineData("bf6576616c7565f5616e644c616d70ff", """{"value":true,"n":"Lamp"}""")]
    [InlineData("a0", "{}")]
    public void What_has_a_form_in_JSON_is_written_so(string cbor, string json)
    {
        Assert.True(PayloadConversion.TryToJson(Convert.FromHexString(cbor), out var written));
        Assert.Equal(json, Encoding.UTF8.GetString(written));
    }

    [Theory]
    [InlineData("4101")]
    [InlineData("5f4101ff")]
    [InlineData("c100")]
    [InlineData("d9d9f700")]
    [InlineData("f97e00")]
    [InlineData("fa7fc00000")]
    [InlineData("fb7ff8000000000000")]
    [InlineData("f97c00")]
    [InlineData("fbfff0000000000000")]
    [InlineData("f7")]
    [InlineData("e0")]
    [InlineData("f8ff")]
    [InlineData("a10102")]
    [InlineData("a1f501")]
    [InlineData("a1416101")]
    [InlineData("8201c100")]
    [InlineData("a16161a1616241ff")]
    [InlineData("a2616100616100")]
    [InlineData("a16161")]
    [InlineData("9f00")]
    [InlineData("")]
    public void What_would_lose_something_is_refused(string cbor)
    {
        Assert.False(PayloadConversion.TryToJson(Convert.FromHexString(cbor), out var written));
        Assert.Null(written);
    }

    [Theory]
    [InlineData("""{"a":1,"b":[true,null,"x"],"c":{}}""", "a3616101616283f5f661786163a0")]
    [InlineData(" 1 ", "01")]
    [InlineData("1.0", "fb3ff0000000000000")]
    [InlineData("1e2", "fb4059000000000000")]
    [InlineData("-0", "fb8000000000000000")]
    [InlineData("-18446744073709551616", "3bffffffffffffffff")]
    [InlineData("\"\\u00fc\"", "62c3bc")]
    public void JSON_is_written_as_CBOR_of_definite_lengths(string json, string cbor)
    {
        Assert.True(PayloadConversion.TryToCbor(Encoding.UTF8.GetBytes(json), out var written));
        Assert.Equal(cbor, Convert.ToHexStringLower(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"a\":1,\"\\u0061\":2}")]
    [InlineData("{\"x\":{\"a\":1,\"a\":2}}")]
    [InlineData("1 2")]
    [InlineData("01")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    [InlineData("18446744073709551616")]
    [InlineData("-18446744073709551617")]
    [InlineData("111111111111111111111111111111111111111111111111")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("/* */ 1")]
    [InlineData("'a'")]
    [InlineData("\ufeff1")]
    public void What_is_no_JSON_or_would_lose_something_is_refused(string json)
    {
        Assert.False(PayloadConversion.TryToCbor(Encoding.UTF8.GetBytes(json), out var written));
        Assert.Null(written);
    }

    [Fact]
    public void Invalid_UTF8_in_JSON_is_refused()
    {
        Assert.False(PayloadConversion.TryToCbor([(byte)'"', 0xc3, (byte)'"'], out _));
        Assert.False(PayloadConversion.TryToCbor([(byte)'"', 0xed, 0xa0, 0x80, (byte)'"'], out _));
    }

    [Fact]
    public void Nesting_is_bounded_both_ways()
    {
        static byte[] Json(int depth) => [.. Enumerable.Repeat((byte)'[', depth), .. Enumerable.Repeat((byte)']', depth)];

        Assert.True(PayloadConversion.TryToCbor(Json(32), out var cbor));
        Assert.True(PayloadConversion.TryToJson(cbor, out var json));
        Assert.Equal(Json(32), json);
        Assert.False(PayloadConversion.TryToCbor(Json(33), out _));
        Assert.False(PayloadConversion.TryToCbor(Json(100_000), out _));
    }

    [Fact]
    public void An_object_has_up_to_512_members()
    {
        static byte[] Json(int count) => JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(0, count).ToDictionary(i => $"m{i}", i => i));

        Assert.True(PayloadConversion.TryToCbor(Json(512), out var cbor));
        Assert.True(PayloadConversion.TryToJson(cbor, out _));
        Assert.False(PayloadConversion.TryToCbor(Json(513), out _));
    }

    [Fact]
    public void What_is_converted_comes_back_the_same() =>
        GenCbor.Lossless.Sample(
            item =>
            {
                Assert.True(PayloadConversion.TryToJson(item, out var json));
                Assert.True(PayloadConversion.TryToCbor(json, out var cbor));
                Assert.True(PayloadConversion.TryToJson(cbor, out var again));
                Assert.Equal(json, again);
                // It is JSON for others too.
                using var read = JsonDocument.Parse(json);
            },
            iter: 2000);

    [Fact]
    public void Numbers_keep_their_value_and_kind() =>
        Gen.Select(Gen.Double.Where(double.IsFinite), Gen.Long).Sample(
            (number, integer) =>
            {
                Assert.True(PayloadConversion.TryToCbor(Encoding.UTF8.GetBytes(string.Create(null, $"{integer}")), out var cbor));
                Assert.Equal(integer, new System.Formats.Cbor.CborReader(cbor).ReadInt64());
                var writer = new System.Formats.Cbor.CborWriter();
                writer.WriteDouble(number);
                Assert.True(PayloadConversion.TryToJson(writer.Encode(), out var json));
                Assert.True(PayloadConversion.TryToCbor(json, out cbor));
                Assert.Equal(BitConverter.DoubleToInt64Bits(number), BitConverter.DoubleToInt64Bits(new System.Formats.Cbor.CborReader(cbor).ReadDouble()));
            },
            iter: 2000);

    [Fact]
    public void Any_item_is_converted_or_refused_without_an_exception() =>
        GenCbor.Item.Sample(item =>
        {
            if (PayloadConversion.TryToJson(item, out var json)) Assert.True(PayloadConversion.TryToCbor(json, out _));
        }, iter: 2000);

    [Fact]
    public void Any_text_is_converted_or_refused_without_an_exception() =>
        Gen.String[Gen.OneOf('{', '}', '[', ']', '"', ':', ',', '1', '.', 'e', '-', 'a', '\\', 'u', ' '), 0, 20].Sample(
            text =>
            {
                if (PayloadConversion.TryToCbor(Encoding.UTF8.GetBytes(text), out var cbor)) Assert.True(PayloadConversion.TryToJson(cbor, out _));
            },
            iter: 20_000);
}
