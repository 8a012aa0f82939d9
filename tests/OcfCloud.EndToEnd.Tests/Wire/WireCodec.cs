using System.Buffers.Binary;

namespace OcfCloud.EndToEnd.Wire;

/// <summary>RFC 8323, 3.2: the frame, written as plainly as the RFC draws it.</summary>
internal static class WireCodec
{
    public static byte[] Encode(WireMessage message)
    {
        var body = new List<byte>();
        var previous = 0;
        foreach (var option in message.Options.OrderBy(o => o.Number))
        {
            AppendOption(body, option.Number - previous, option.Value);
            previous = option.Number;
        }

        if (message.Payload.Length > 0)
        {
            body.Add(0xFF);
            body.AddRange(message.Payload);
        }

        var frame = new List<byte>();
        var (nibble, extension) = Extend(body.Count, 13, 269, 65805);
        frame.Add((byte)(nibble << 4 | message.Token.Length));
        frame.AddRange(extension);
        frame.Add(message.Code);
        frame.AddRange(message.Token);
        frame.AddRange(body);
        return [.. frame];
    }

    /// <summary>The first message of the bytes and its length, or null while it is not there in full.</summary>
    public static (WireMessage Message, int Length)? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return null;
        }

        int nibble = bytes[0] >> 4, tokenLength = bytes[0] & 15, at = 1;
        var extension = nibble switch { 13 => 1, 14 => 2, 15 => 4, _ => 0 };
        if (bytes.Length < at + extension)
        {
            return null;
        }

        var length = nibble + Extended(bytes.Slice(at, extension), nibble);
        at += extension;
        if (bytes.Length < at + 1 + tokenLength + length)
        {
            return null;
        }

        var code = bytes[at++];
        var token = bytes.Slice(at, tokenLength).ToArray();
        at += tokenLength;
        var (options, payload) = DecodeBody(bytes.Slice(at, length));
        return (new WireMessage(code, token, options, payload), at + length);
    }

    private static (List<WireOption> Options, byte[] Payload) DecodeBody(ReadOnlySpan<byte> body)
    {
        var options = new List<WireOption>();
        int at = 0, number = 0;
        while (at < body.Length)
        {
            if (body[at] == 0xFF)
            {
                return (options, body[(at + 1)..].ToArray());
            }

            int delta = body[at] >> 4, length = body[at] & 15;
            at++;
            delta += OptionExtension(body, delta, ref at);
            length += OptionExtension(body, length, ref at);
            number += delta;
            options.Add(new WireOption(number, body.Slice(at, length).ToArray()));
            at += length;
        }

        return (options, []);
    }

    private static int OptionExtension(ReadOnlySpan<byte> body, int nibble, ref int at)
    {
        var size = nibble switch { 13 => 1, 14 => 2, _ => 0 };
        var value = Extended(body.Slice(at, size), nibble);
        at += size;
        return value;
    }

    // What is added to the nibble itself: 13 + x - 13, 269 + x - 14, 65805 + x - 15.
    private static int Extended(ReadOnlySpan<byte> bytes, int nibble) => nibble switch
    {
        13 => bytes[0],
        14 => BinaryPrimitives.ReadUInt16BigEndian(bytes) + 269 - 14,
        15 => checked((int)(BinaryPrimitives.ReadUInt32BigEndian(bytes) + 65805 - 15)),
        _ => 0,
    };

    private static void AppendOption(List<byte> body, int delta, byte[] value)
    {
        var (deltaNibble, deltaExtension) = Extend(delta, 13, 269, int.MaxValue);
        var (lengthNibble, lengthExtension) = Extend(value.Length, 13, 269, int.MaxValue);
        body.Add((byte)(deltaNibble << 4 | lengthNibble));
        body.AddRange(deltaExtension);
        body.AddRange(lengthExtension);
        body.AddRange(value);
    }

    private static (int Nibble, byte[] Extension) Extend(int value, int one, int two, int four)
    {
        if (value < one)
        {
            return (value, []);
        }

        if (value < two)
        {
            return (13, [(byte)(value - one)]);
        }

        var bytes = new byte[4];
        if (value < four)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(value - two));
            return (14, bytes[..2]);
        }

        BinaryPrimitives.WriteInt32BigEndian(bytes, value - four);
        return (15, bytes);
    }
}
