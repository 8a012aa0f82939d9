using System.Buffers.Binary;

namespace OcfCloud.Coap;

/// <summary>
/// Walks encoded options in place (RFC 7252, 3.1). On the options of a <see cref="CoapFrame"/> it cannot fail, for the frame's reader walked them before.
/// </summary>
public ref struct CoapOptionReader
{
    private const byte PayloadMarker = 0xff;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _number;
    private int _valueStart;

    /// <summary>A reader before the first option.</summary>
    public CoapOptionReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The option at which the reader stands.</summary>
    public readonly CoapOption Current => new(_number, _bytes[_valueStart.._position]);

    /// <summary>The bytes are no options; the walk ended there.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Bytes walked so far; after the last option: the position of the payload marker, or the end.</summary>
    public readonly int Position => _position;

    /// <summary>Goes to the next option; false after the last one and where the bytes are malformed.</summary>
    public bool MoveNext()
    {
        if (_position >= _bytes.Length || _bytes[_position] == PayloadMarker)
            return false;
        var first = _bytes[_position];
        var position = _position + 1;
        if (!TryReadExtended(first >> 4, ref position, out var delta) || !TryReadExtended(first & 0xf, ref position, out var length)
            || _number + delta > ushort.MaxValue || length > _bytes.Length - position)
        {
            IsMalformed = true;
            return false;
        }

        _number += delta;
        _valueStart = position;
        _position = position + length;
        return true;
    }

    // 13: one more byte, from 13 on; 14: two more, from 269 on; 15 is reserved.
    private readonly bool TryReadExtended(int nibble, ref int position, out int value)
    {
        value = nibble;
        switch (nibble)
        {
            case < 13:
                return true;
            case 13 when position < _bytes.Length:
                value = 13 + _bytes[position++];
                return true;
            case 14 when position + 1 < _bytes.Length:
                value = 269 + BinaryPrimitives.ReadUInt16BigEndian(_bytes[position..]);
                position += 2;
                return true;
            default:
                return false;
        }
    }
}
