using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Framing;

/// <summary>What the documents print, byte by byte, as far as it carries over from datagrams.</summary>
public class ExamplesOfTheRfcsTests
{
    [Fact]
    public void A_2_03_with_a_token_and_nothing_else() => // RFC 8323, 3.2.
        AssertBytes("01 43 7f", new CoapMessage(CoapCode.Valid) { Token = Token(0x7f) });

    [Fact]
    public void A_Ping_and_its_Pong() // RFC 8323, 5.7.
    {
        AssertBytes("01 e2 42", new CoapMessage(CoapCode.Ping) { Token = Token(0x42) });
        AssertBytes("01 e3 42", new CoapMessage(CoapCode.Pong) { Token = Token(0x42) });
    }

    [Fact]
    public void A_GET_of_temperature() => // RFC 7252, figure 16, without what belongs to datagrams.
        AssertBytes("c0 01 bb 74 65 6d 70 65 72 61 74 75 72 65", CoapMessage.Request(CoapCode.Get, "/temperature"));

    [Fact]
    public void Its_answer() // RFC 7252, figure 16.
    {
        var answer = CoapMessage.Response(CoapCode.Content).WithDiagnostic("22.3 C");
        AssertBytes("70 45 ff 32 32 2e 33 20 43", answer);
    }

    [Theory]
    [InlineData(2, false, 1, "21")] // RFC 7959, 3: "2:2/0/32" has the value 33.
    [InlineData(3, true, 3, "3b")] // "1:3/1/128" has the value 59.
    [InlineData(0, false, 0, "")]
    [InlineData(0, true, 7, "0f")] // RFC 8323, 6.1: "2:0/1/BERT".
    [InlineData(3, true, 7, "3f")]
    [InlineData(8, false, 7, "87")]
    [InlineData(24, false, 7, "0187")]
    [InlineData(BlockOption.MaxNumber, true, 6, "fffffe")]
    public void Block_values(uint number, bool more, int exponent, string hex)
    {
        var block = new BlockOption(number, more, exponent);
        var message = new CoapMessage(CoapCode.Get).WithOption(CoapOptionNumber.Block2, block.Value);
        Assert.Equal(hex, Convert.ToHexStringLower(message.Options.Single().Value.Span));
        Assert.Equal(block, message.Block2);
    }

    [Theory]
    [InlineData(12u, "0c")] // RFC 7641, figure 1.
    [InlineData(44u, "2c")]
    [InlineData(60u, "3c")]
    [InlineData(0u, "")] // Registers.
    [InlineData(1u, "01")] // Cancels.
    public void Observe_values(uint value, string hex)
    {
        var message = new CoapMessage(CoapCode.Content).WithOption(CoapOptionNumber.Observe, value);
        Assert.Equal(hex, Convert.ToHexStringLower(message.Options.Single().Value.Span));
        Assert.Equal(value, message.Observe);
    }

    [Fact]
    public void Repeated_options_have_a_delta_of_zero() // RFC 7252, 3.1.
    {
        var message = CoapMessage.Request(CoapCode.Get, "/a/b?c");
        AssertBytes("60 01 b1 61 01 62 41 63", message);
    }

    [Fact]
    public void Deltas_and_lengths_are_extended_at_13_and_269() // RFC 7252, 3.1.
    {
        var message = new CoapMessage(CoapCode.Get);
        message.Options.Add(12, new byte[12]);
        message.Options.Add(25, new byte[13]);
        message.Options.Add(294, new byte[269]);
        var bytes = message.ToBytes();
        // Len 14: 1 + 12, 3 + 13, 5 + 269.
        Assert.Equal("e00022" + "01" + "cc", Convert.ToHexStringLower(bytes.AsSpan(0, 5)));
        Assert.Equal("dd0000", Convert.ToHexStringLower(bytes.AsSpan(17, 3)));
        Assert.Equal("ee00000000", Convert.ToHexStringLower(bytes.AsSpan(33, 5)));
    }

    [Theory]
    [InlineData(12, "c0")]
    [InlineData(13, "d000")]
    [InlineData(268, "d0ff")]
    [InlineData(269, "e00000")]
    [InlineData(65_804, "e0ffff")]
    [InlineData(65_805, "f000000000")]
    [InlineData(65_806, "f000000001")]
    public void The_length_is_extended_at_13_269_and_65805(int body, string head) // RFC 8323, 3.2.
    {
        var bytes = new CoapMessage(CoapCode.Post) { Payload = new byte[body - 1] }.ToBytes();
        Assert.Equal(head + "02ff", Convert.ToHexStringLower(bytes.AsSpan(0, (head.Length / 2) + 2)));
    }

    [Fact]
    public void OCF_version_options_are_two_bytes_long()
    {
        var message = new CoapMessage(CoapCode.Get)
            .WithOption(CoapOptionNumber.OcfAcceptContentFormatVersion, 2048)
            .WithOption(CoapOptionNumber.OcfContentFormatVersion, 2048);
        AssertBytes("80 01 e2 06 f4 08 00 42 08 00", message);
    }

    private static CoapToken Token(byte value) => CoapToken.From([value]);

    private static void AssertBytes(string hex, CoapMessage message)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(bytes, message.ToBytes());
        Assert.Equal(CoapFrameStatus.Complete, CoapFrameReader.Read(bytes, 1152, out var frame, out _));
        Assert.True(Generators.Same(message, CoapMessage.From(frame)));
    }
}
