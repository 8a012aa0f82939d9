using CsCheck;
using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Framing;

public class RoundTripTests
{
    [Fact]
    public void Any_message_is_read_as_it_was_written() => Generators.Message.Sample(message =>
    {
        var bytes = message.ToBytes();
        return CoapFrameReader.Read(bytes, int.MaxValue, out var frame, out var length) == CoapFrameStatus.Complete
            && length == bytes.Length && frame.Length == length && Generators.Same(message, CoapMessage.From(frame));
    });

    [Fact]
    public void The_size_of_any_message_is_known_before_it_is_written() =>
        Generators.Message.Sample(message => message.Size == message.ToBytes().Length && message.Size <= message.MaxSize);

    [Fact]
    public void A_message_cut_anywhere_is_incomplete_and_asks_for_no_more_than_it_has() => Generators.Message.Sample(
        message =>
        {
            var bytes = message.ToBytes();
            // Every position of the head, and some of the rest.
            for (var cut = 0; cut < bytes.Length; cut += cut < 32 ? 1 : Math.Max(1, bytes.Length / 50))
            {
                if (CoapFrameReader.Read(bytes.AsSpan(0, cut), int.MaxValue, out _, out var needed) != CoapFrameStatus.Incomplete
                    || needed <= cut || needed > bytes.Length)
                    return false;
            }

            return true;
        });

    [Fact]
    public void Messages_in_one_buffer_are_read_one_after_the_other() => Generators.Message.Array[1, 5].Sample(messages =>
    {
        var bytes = messages.SelectMany(m => m.ToBytes()).ToArray();
        var start = 0;
        foreach (var message in messages)
        {
            if (CoapFrameReader.Read(bytes.AsSpan(start), int.MaxValue, out var frame, out var length) != CoapFrameStatus.Complete
                || !Generators.Same(message, CoapMessage.From(frame)))
                return false;
            start += length;
        }

        return start == bytes.Length;
    });

    [Fact]
    public void A_message_of_exactly_the_limit_is_taken_and_one_byte_more_is_not() => Generators.Message.Sample(message =>
    {
        var bytes = message.ToBytes();
        return CoapFrameReader.Read(bytes, bytes.Length, out _, out _) == CoapFrameStatus.Complete
            && CoapFrameReader.Read(bytes, bytes.Length - 1, out _, out _) == CoapFrameStatus.TooLarge;
    });

    [Fact]
    public void Too_large_is_known_from_the_head_alone()
    {
        var head = new CoapMessage(CoapCode.Post) { Payload = new byte[100_000] }.ToBytes().AsSpan(0, 5);
        Assert.Equal(CoapFrameStatus.TooLarge, CoapFrameReader.Read(head, 99_000, out _, out var length));
        Assert.Equal(0, length);
    }
}
