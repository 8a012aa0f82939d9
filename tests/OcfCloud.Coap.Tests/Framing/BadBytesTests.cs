using CsCheck;
using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Framing;

/// <summary>Nothing that comes in throws out of the parser.</summary>
public class BadBytesTests
{
    private static readonly Gen<(CoapMessage Message, (int Position, byte Value)[] Changes)> Mutation =
        Gen.Select(Generators.Message, Gen.Select(Gen.Int[0, int.MaxValue], Gen.Byte, (p, v) => (p, v)).Array[1, 8], (m, c) => (m, c));

    [Fact]
    public void Random_bytes_are_something() => Gen.Byte.Array[0, 400].Sample(bytes => IsSomething(bytes, 300));

    [Fact]
    public void Changed_messages_are_something() => Mutation.Sample(mutation =>
    {
        var bytes = mutation.Message.ToBytes();
        foreach (var (position, value) in mutation.Changes)
            bytes[position % bytes.Length] = value;
        return IsSomething(bytes, 262_144);
    });

    [Fact]
    public void Random_options_end_somewhere() => Gen.Byte.Array[0, 100].Sample(bytes =>
    {
        var options = new CoapOptionReader(bytes);
        var last = 0;
        while (options.MoveNext())
        {
            if (options.Current.Number < last)
                return false;
            last = options.Current.Number;
        }

        return options.Position <= bytes.Length && (options.IsMalformed || options.Position == bytes.Length || bytes[options.Position] == 0xff);
    });

    [Theory]
    [InlineData("09 01 01 02 03 04 05 06 07 08 09")] // Token lengths 9 to 15 are reserved.
    [InlineData("0a 01")]
    [InlineData("0f 01")]
    [InlineData("09")]
    [InlineData("10 01 ff")] // A payload marker and no payload.
    [InlineData("21 01 7f 60 ff")]
    [InlineData("10 01 f0")] // Delta 15.
    [InlineData("10 01 0f")] // Length 15.
    [InlineData("10 01 f1")]
    [InlineData("10 01 d0")] // Delta 13 without its byte.
    [InlineData("10 01 0d")]
    [InlineData("20 01 e0 00")] // Delta 14 with one of two bytes.
    [InlineData("20 01 0e 00")]
    [InlineData("10 01 b1")] // A value that is not there.
    [InlineData("20 01 b5 61")]
    [InlineData("40 01 e0 ff ff 00")] // Number 65804.
    [InlineData("60 01 e0 fe f2 e0 00 00")] // 65535, and 269 more.
    [InlineData("20 01 1d 00")] // A value of 13 bytes that is not there.
    [InlineData("30 01 1e 00 00")] // A value of 269 bytes that is not there.
    public void Every_kind_of_malformed_message_is_known(string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(CoapFrameStatus.Malformed, CoapFrameReader.Read(bytes, 1152, out _, out var length));
        Assert.Equal(0, length);
    }

    [Theory]
    [InlineData("f0", CoapFrameStatus.Incomplete)]
    [InlineData("f0 ff ff ff", CoapFrameStatus.Incomplete)]
    [InlineData("f0 ff ff ff ff", CoapFrameStatus.TooLarge)]
    [InlineData("f0 00 00 00 00", CoapFrameStatus.TooLarge)]
    [InlineData("e0 03 70", CoapFrameStatus.TooLarge)]
    [InlineData("e0 03 6f 01", CoapFrameStatus.Incomplete)]
    [InlineData("d0", CoapFrameStatus.Incomplete)]
    [InlineData("", CoapFrameStatus.Incomplete)]
    public void The_limit_counts_the_whole_message(string hex, CoapFrameStatus status)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(status, CoapFrameReader.Read(bytes, 1152, out _, out var length));
        Assert.InRange(length, 0, 1152);
    }

    private static bool IsSomething(ReadOnlySpan<byte> bytes, int limit)
    {
        var status = CoapFrameReader.Read(bytes, limit, out var frame, out var length);
        switch (status)
        {
            case CoapFrameStatus.Complete:
                var copy = CoapMessage.From(frame);
                return length <= limit && length <= bytes.Length && copy.Payload.Length == frame.Payload.Length && copy.ToString().Length > 0;
            case CoapFrameStatus.Incomplete:
                return length > bytes.Length && length <= limit;
            default:
                return length == 0;
        }
    }
}
