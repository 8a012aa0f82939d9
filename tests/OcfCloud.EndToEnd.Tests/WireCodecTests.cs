using OcfCloud.EndToEnd.Wire;

namespace OcfCloud.EndToEnd;

/// <summary>The tests' own codec against the byte example of RFC 8323, 3.2, and its length boundaries.</summary>
public sealed class WireCodecTests
{
    [Fact]
    public void The_shortest_message_is_two_bytes()
    {
        Assert.Equal([0x01, 0x43, 0x7F], WireCodec.Encode(new WireMessage(0x43, [0x7F], [], [])));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(267)]
    [InlineData(268)]
    [InlineData(65803)]
    [InlineData(65804)]
    public void What_was_written_is_read(int size)
    {
        var message = new WireMessage(0x02, WireConnection.NewToken(), [WireOption.OfText(11, "oic"), WireOption.OfText(11, "rd"), WireOption.OfNumber(2053, 2048)], new byte[size]);
        var frame = WireCodec.Encode(message);
        Assert.Null(WireCodec.Decode(frame.AsSpan(0, frame.Length - 1)));
        var (read, length) = WireCodec.Decode(frame)!.Value;
        Assert.Equal(frame.Length, length);
        Assert.Equal(message.Token, read.Token);
        Assert.Equal("/oic/rd", read.Path);
        Assert.Equal(2048u, read.Find(2053));
        Assert.Equal(size, read.Payload.Length);
    }
}
