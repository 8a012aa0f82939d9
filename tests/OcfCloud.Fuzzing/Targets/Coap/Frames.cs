using System.Buffers.Binary;
using OcfCloud.Coap;

namespace OcfCloud.Fuzzing.Targets.Coap;

/// <summary>Frames around fuzzed bodies, whose lengths are right: what is behind the framing is looked at, not the framing.</summary>
internal static class Frames
{
    private const int TokenLength = 4;

    /// <summary>A frame with a token of four bytes.</summary>
    /// <param name="code">Method, response or signaling code.</param>
    /// <param name="body">Options, marker and payload.</param>
    public static byte[] Of(byte code, ReadOnlySpan<byte> body)
    {
        var head = body.Length switch { < 13 => 2, < 269 => 3, < 65_805 => 4, _ => throw new ArgumentOutOfRangeException(nameof(body)) };
        var frame = new byte[head + TokenLength + body.Length];
        switch (head)
        {
            case 2:
                frame[0] = (byte)(body.Length << 4);
                break;
            case 3:
                frame[0] = 0xd0;
                frame[1] = (byte)(body.Length - 13);
                break;
            default:
                frame[0] = 0xe0;
                BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(1), (ushort)(body.Length - 269));
                break;
        }

        frame[0] |= TokenLength;
        frame[head - 1] = code;
        "tokn"u8.CopyTo(frame.AsSpan(head));
        body.CopyTo(frame.AsSpan(head + TokenLength));
        return frame;
    }

    /// <summary>What follows the token of a message: what <see cref="Of"/> takes.</summary>
    public static byte[] BodyOf(CoapMessage message)
    {
        message.Token = default;
        var bytes = message.ToBytes();
        var head = (bytes[0] >> 4) switch { < 13 => 2, 13 => 3, 14 => 4, _ => 6 };
        return bytes[head..];
    }

    /// <summary>Whether the two say the same.</summary>
    public static bool AreSame(in CoapFrame one, in CoapFrame other) =>
        one.Code == other.Code && one.Token == other.Token && one.OptionCount == other.OptionCount && one.Options.SequenceEqual(other.Options)
        && one.Payload.SequenceEqual(other.Payload);

    /// <summary>Reads back what the product wrote: exactly one whole frame.</summary>
    public static CoapFrame Written(ReadOnlySpan<byte> bytes)
    {
        var status = CoapFrameReader.Read(bytes, int.MaxValue, out var frame, out var length);
        Invariant.Holds(status == CoapFrameStatus.Complete && length == bytes.Length, "what is written is one frame");
        return frame;
    }
}
