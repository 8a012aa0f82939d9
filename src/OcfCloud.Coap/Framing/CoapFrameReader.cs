using System.Buffers.Binary;

namespace OcfCloud.Coap;

/// <summary>From bytes to a message over a reliable transport (RFC 8323, 3.2). No I/O, no state, no exceptions on any input.</summary>
public static class CoapFrameReader
{
    /// <summary>Reads the message at the start of a buffer, its options walked once so that nothing after can fail on them.</summary>
    /// <param name="buffer">Bytes received so far.</param>
    /// <param name="maxMessageSize">The largest message taken, in bytes on the wire.</param>
    /// <param name="frame">The message, where complete.</param>
    /// <param name="length">Complete: its size. Incomplete: how many bytes are needed at least, never more than the limit. Else 0.</param>
    public static CoapFrameStatus Read(ReadOnlySpan<byte> buffer, int maxMessageSize, out CoapFrame frame, out int length)
    {
        frame = default;
        var status = ReadLength(buffer, maxMessageSize, out var head, out length);
        if (status != CoapFrameStatus.Complete)
            return status;
        if (buffer.Length < length)
            return CoapFrameStatus.Incomplete;

        var tokenLength = buffer[0] & 0xf;
        var code = new CoapCode(buffer[head - 1]);
        var token = CoapToken.From(buffer.Slice(head, tokenLength));
        var rest = buffer[(head + tokenLength)..length];
        var options = new CoapOptionReader(rest);
        var optionCount = 0;
        while (options.MoveNext())
            optionCount++;

        var end = options.Position;
        // A payload marker with nothing behind it is an error (RFC 7252, 3).
        if (options.IsMalformed || end == rest.Length - 1)
        {
            length = 0;
            return CoapFrameStatus.Malformed;
        }

        var payload = end < rest.Length ? rest[(end + 1)..] : default;
        frame = new CoapFrame(code, token, rest[..end], optionCount, payload, length);
        return CoapFrameStatus.Complete;
    }

    /// <summary>Reads the size of the message at the start of a buffer; Complete when enough of the head is there to know it.</summary>
    internal static CoapFrameStatus ReadLength(ReadOnlySpan<byte> buffer, int maxMessageSize, out int head, out int length)
    {
        head = 0;
        length = 2;
        if (buffer.IsEmpty)
            return CoapFrameStatus.Incomplete;
        var tokenLength = buffer[0] & 0xf;
        if (tokenLength > CoapToken.MaxLength)
        {
            // RFC 8323, 3.2: token lengths 9 to 15 are reserved.
            length = 0;
            return CoapFrameStatus.Malformed;
        }

        var nibble = buffer[0] >> 4;
        var extended = nibble switch { < 13 => 0, 13 => 1, 14 => 2, _ => 4 };
        head = 1 + extended + 1;
        if (buffer.Length < 1 + extended)
        {
            length = Math.Min(head + tokenLength, maxMessageSize);
            return head + tokenLength > maxMessageSize ? CoapFrameStatus.TooLarge : CoapFrameStatus.Incomplete;
        }

        var body = nibble switch
        {
            < 13 => nibble,
            13 => 13L + buffer[1],
            14 => 269L + BinaryPrimitives.ReadUInt16BigEndian(buffer[1..]),
            _ => 65_805L + BinaryPrimitives.ReadUInt32BigEndian(buffer[1..]),
        };
        var total = head + tokenLength + body;
        if (total > maxMessageSize)
        {
            length = 0;
            return CoapFrameStatus.TooLarge;
        }

        length = (int)total;
        return CoapFrameStatus.Complete;
    }
}
