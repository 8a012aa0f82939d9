using System.Buffers.Binary;

namespace OcfCloud.Coap;

/// <summary>
/// Writes one message into a span (RFC 8323, 3.2) without an allocation: token first, then options in rising order, then a payload; <see cref="Finish"/>
/// puts the head before them, which is as long as the size needs.
/// </summary>
public ref struct CoapFrameWriter
{
    // One byte of lengths, four of extended length, one of code.
    private const int MaxHead = 6;

    private readonly Span<byte> _buffer;
    private readonly CoapCode _code;
    private readonly int _tokenLength;
    private int _position;
    private int _lastNumber;

    /// <summary>Begins a message. The buffer has room for <see cref="MaxSize"/> of it.</summary>
    public CoapFrameWriter(Span<byte> buffer, CoapCode code, CoapToken token)
    {
        _buffer = buffer;
        _code = code;
        _tokenLength = token.CopyTo(buffer[MaxHead..]);
        _position = MaxHead + _tokenLength;
    }

    /// <summary>Room that a message needs at most, in bytes.</summary>
    /// <param name="optionCount">Number of options.</param>
    /// <param name="optionBytes">Sum of their values' lengths.</param>
    /// <param name="payload">Length of the payload.</param>
    public static int MaxSize(int optionCount, int optionBytes, int payload) =>
        MaxHead + CoapToken.MaxLength + (optionCount * 5) + optionBytes + 1 + payload;

    /// <summary>Room for a message whose options are some of a received frame's, with new deltas.</summary>
    public static int MaxSizeOfCopy(in CoapFrame frame) => MaxHead + CoapToken.MaxLength + (frame.Options.Length * 3) + 1 + frame.Payload.Length;

    /// <summary>Appends an option; its number is not below the one before.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below the last one.</exception>
    public void WriteOption(int number, scoped ReadOnlySpan<byte> value)
    {
        var delta = number - _lastNumber;
        ArgumentOutOfRangeException.ThrowIfNegative(delta);
        var first = _position++;
        var deltaNibble = WriteExtended(delta);
        var lengthNibble = WriteExtended(value.Length);
        _buffer[first] = (byte)((deltaNibble << 4) | lengthNibble);
        value.CopyTo(_buffer[_position..]);
        _position += value.Length;
        _lastNumber = number;
    }

    /// <summary>Appends an option with an unsigned integer.</summary>
    public void WriteOption(CoapOptionNumber number, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        WriteOption((int)number, bytes[..CoapUInt.Write(value, bytes)]);
    }

    /// <summary>Appends an option with bytes.</summary>
    public void WriteOption(CoapOptionNumber number, scoped ReadOnlySpan<byte> value) => WriteOption((int)number, value);

    /// <summary>Appends the payload; an empty one writes nothing.</summary>
    public void WritePayload(scoped ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
            return;
        _buffer[_position++] = 0xff;
        payload.CopyTo(_buffer[_position..]);
        _position += payload.Length;
    }

    /// <summary>Puts the head in place and the message at the start of the buffer.</summary>
    /// <returns>The size of the message, in bytes.</returns>
    public readonly int Finish()
    {
        var body = _position - MaxHead - _tokenLength;
        Span<byte> head = stackalloc byte[MaxHead];
        int length;
        int nibble;
        switch (body)
        {
            case < 13:
                nibble = body;
                length = 1;
                break;
            case < 269:
                nibble = 13;
                head[1] = (byte)(body - 13);
                length = 2;
                break;
            case < 65_805:
                nibble = 14;
                BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)(body - 269));
                length = 3;
                break;
            default:
                nibble = 15;
                BinaryPrimitives.WriteUInt32BigEndian(head[1..], (uint)(body - 65_805));
                length = 5;
                break;
        }

        head[0] = (byte)((nibble << 4) | _tokenLength);
        head[length++] = _code.Value;
        _buffer[MaxHead.._position].CopyTo(_buffer[length..]);
        head[..length].CopyTo(_buffer);
        return length + _position - MaxHead;
    }

    private int WriteExtended(int value)
    {
        switch (value)
        {
            case < 13:
                return value;
            case < 269:
                _buffer[_position++] = (byte)(value - 13);
                return 13;
            default:
                BinaryPrimitives.WriteUInt16BigEndian(_buffer[_position..], checked((ushort)(value - 269)));
                _position += 2;
                return 14;
        }
    }
}
