using System.Formats.Cbor;
using CsCheck;
using OcfCloud.Core.Payloads;

namespace OcfCloud.Core.Tests.Payloads;

/// <summary>RFC 8949, and what this cloud refuses beyond it.</summary>
public class CborValidationTests
{
    [Theory]
    [InlineData("00")]
    [InlineData("3903e7")]
    [InlineData("1bffffffffffffffff")]
    [InlineData("3bffffffffffffffff")]
    [InlineData("60")]
    [InlineData("62c3bc")]
    [InlineData("7f61616162ff")]
    [InlineData("5f4101420203ff")]
    [InlineData("80")]
    [InlineData("9f0102ff")]
    [InlineData("a0")]
    [InlineData("bfff")]
    [InlineData("bf616101616202ff")]
    [InlineData("a201020304")]
    [InlineData("c11a514b67b0")]
    [InlineData("f4")]
    [InlineData("f97e00")]
    [InlineData("fa7fc00000")]
    [InlineData("fb7ff8000000000000")]
    [InlineData("e0")]
    [InlineData("f820")]
    // Unlike, though the bytes of their content are: 1 and -2, "a" and h'61'.
    [InlineData("a201002100")]
    [InlineData("a26161004161f6")]
    public void Well_formed_items_are_taken(string hex) => Assert.True(CborValidation.IsWellFormed(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("18")]
    [InlineData("1bffffffffffffff")]
    [InlineData("1c")]
    [InlineData("1d")]
    [InlineData("1e")]
    [InlineData("1f")]
    [InlineData("3f")]
    [InlineData("df00")]
    [InlineData("ff")]
    [InlineData("81ff")]
    [InlineData("a1ff")]
    [InlineData("a161")]
    [InlineData("a16161")]
    [InlineData("8201")]
    [InlineData("9f01")]
    [InlineData("9f")]
    [InlineData("bf")]
    [InlineData("bf6161ff")]
    [InlineData("bf616101")]
    [InlineData("61")]
    [InlineData("6261")]
    [InlineData("7f")]
    [InlineData("7f6161")]
    [InlineData("7f4161ff")]
    [InlineData("7f7f6161ffff")]
    [InlineData("5f6161ff")]
    [InlineData("c1")]
    [InlineData("f8")]
    [InlineData("f800")]
    [InlineData("f81f")]
    [InlineData("fc")]
    [InlineData("f97e")]
    // Texts that are no UTF-8: cut, overlong, half a surrogate pair, in pieces.
    [InlineData("61c3")]
    [InlineData("62c080")]
    [InlineData("63eda080")]
    [InlineData("7f61c361bcff")]
    // Counts that the bytes cannot hold.
    [InlineData("9affffffff")]
    [InlineData("9bffffffffffffffff")]
    [InlineData("9b8000000000000000")]
    [InlineData("baffffffff")]
    [InlineData("bbffffffffffffffff")]
    [InlineData("bb8000000000000000")]
    [InlineData("5bffffffffffffffff")]
    [InlineData("7b7fffffffffffffff00")]
    // A key that is there twice, also where its length is written otherwise, or it is none that JSON has.
    [InlineData("a2616100616100")]
    [InlineData("a261610078016100")]
    [InlineData("bf616100616100ff")]
    [InlineData("a201001801f6")]
    [InlineData("a2f400f400")]
    [InlineData("a24161004161f6")]
    [InlineData("a181010000")]
    // A key in pieces.
    [InlineData("a17f6161ff00")]
    public void Everything_else_is_refused(string hex) => Assert.False(CborValidation.IsWellFormed(Convert.FromHexString(hex)));

    [Theory]
    [InlineData(0x81)]
    [InlineData(0x9f)]
    [InlineData(0xc1)]
    public void Nesting_is_bounded(byte opening)
    {
        byte[] Nested(int depth) => [.. Enumerable.Repeat(opening, depth), 0x00, .. Enumerable.Repeat((byte)0xff, opening == 0x9f ? depth : 0)];

        Assert.True(CborValidation.IsWellFormed(Nested(32)));
        Assert.False(CborValidation.IsWellFormed(Nested(33)));
        Assert.False(CborValidation.IsWellFormed(Nested(200_000)));
        Assert.True(CborValidation.IsWellFormed(Nested(3), maxDepth: 3));
        Assert.False(CborValidation.IsWellFormed(Nested(4), maxDepth: 3));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_map_has_up_to_512_members(bool indefinite)
    {
        byte[] Map(int count)
        {
            var writer = new CborWriter(CborConformanceMode.Lax);
            writer.WriteStartMap(indefinite ? null : count);
            for (var i = 0; i < count; i++)
            {
                writer.WriteInt32(i);
                writer.WriteNull();
            }
            writer.WriteEndMap();
            return writer.Encode();
        }

        Assert.True(CborValidation.IsWellFormed(Map(512)));
        Assert.False(CborValidation.IsWellFormed(Map(513)));
    }

    [Fact]
    public void Huge_counts_cost_no_memory()
    {
        byte[][] payloads = [.. new[] { "9bffffffffffffffff", "bbffffffffffffffff", "7bffffffffffffffff", "5b7fffffffffffffff", "9a7fffffff", "ba7fffffff" }.Select(Convert.FromHexString)];
        foreach (var payload in payloads) CborValidation.IsWellFormed(payload);

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var payload in payloads) Assert.False(CborValidation.IsWellFormed(payload));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Fact]
    public void Whatever_is_not_well_formed_is_refused_without_an_exception() =>
        Gen.Byte.Array[0, 60].Sample(
            bytes =>
            {
                var taken = CborValidation.IsWellFormed(bytes);
                CborMap.TryRead(bytes, out _);
                PayloadConversion.TryToJson(bytes, out _);
                PayloadConversion.TryToCbor(bytes, out _);
                // What is taken is CBOR for others too.
                if (taken) Assert.Equal(bytes.Length, Read(bytes));
            },
            iter: 20_000);

    [Fact]
    public void A_cut_payload_is_refused_at_every_byte() =>
        GenCbor.Item.Sample(
            item =>
            {
                Assert.True(CborValidation.IsWellFormed(item));
                for (var length = 0; length < item.Length; length++) Assert.False(CborValidation.IsWellFormed(item.AsSpan(0, length)));
                Assert.False(CborValidation.IsWellFormed([.. item, 0x00]));
            },
            iter: 300);

    private static int Read(byte[] bytes)
    {
        var reader = new CborReader(bytes, CborConformanceMode.Lax);
        reader.SkipValue();
        return bytes.Length - reader.BytesRemaining;
    }
}
