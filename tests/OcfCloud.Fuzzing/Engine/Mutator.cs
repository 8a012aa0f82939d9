using System.Buffers.Binary;

namespace OcfCloud.Fuzzing.Engine;

/// <summary>Makes new inputs of known ones, by several small changes one on the other: bits, numbers, blocks, words, and parts of other inputs.</summary>
internal sealed class Mutator(Dice dice, IReadOnlyList<byte[]> words, int maxLength, Grain grain)
{
    private static readonly byte[] Bytes = [0, 1, 16, 32, 64, 100, 127, 128, 254, 255];
    private static readonly ushort[] Shorts = [0, 128, 255, 256, 512, 1000, 1024, 4096, 32767, 32768, 65280, 65535];
    private static readonly uint[] Ints = [0, 1, 32768, 65535, 65536, 100_663_045, 2_139_095_040, 2_147_483_647, 2_147_483_648, 4_294_901_760, 4_294_967_295];

    private readonly byte[] _buffer = new byte[maxLength];
    private int _length;

    /// <summary>Makes one; valid until the next call.</summary>
    /// <param name="parent">What is changed.</param>
    /// <param name="other">What parts are taken from.</param>
    public ReadOnlyMemory<byte> Mutate(byte[] parent, byte[] other)
    {
        _length = Math.Min(parent.Length, maxLength);
        parent.AsSpan(0, _length).CopyTo(_buffer);
        if (grain != Grain.Bytes && dice.Below(4) > 0)
        {
            for (var changes = 1 + dice.Below(3); changes > 0; changes--)
                ChangeValue(other);
            return _buffer.AsMemory(0, _length);
        }

        for (var changes = 1 << dice.Below(grain == Grain.Bytes ? 6 : 3); changes > 0; changes--)
            Change(other);
        return _buffer.AsMemory(0, _length);
    }

    // What keeps the form, mostly: a value goes, comes twice, or is another one; a character is another.
    private void ChangeValue(byte[] other)
    {
        if (_length == 0 || Values.At(_buffer.AsSpan(0, _length), dice.Below(_length), grain) is not { } range)
        {
            Change(other);
            return;
        }

        var (at, length) = range.GetOffsetAndLength(_length);
        switch (dice.Below(8))
        {
            case 0:
                Delete(at, length);
                break;
            case 1 or 2 when other.Length > 0 && Values.At(other, dice.Below(other.Length), grain) is { } from:
                Delete(at, length);
                Insert(at, other.AsSpan(from));
                break;
            case 3 when words.Count > 0:
                Delete(at, length);
                Insert(at, words[dice.Below(words.Count)]);
                break;
            case 4:
                byte[] again = [.. grain == Grain.Json ? ","u8 : [], .. _buffer.AsSpan(at, length)];
                Insert(at + length, again);
                break;
            default:
                var place = at + dice.Below(length);
                if (char.IsAsciiDigit((char)_buffer[place])) _buffer[place] = (byte)('0' + dice.Below(10));
                else if (Values.IsPlain(_buffer[place])) _buffer[place] = (byte)(' ' + dice.Below(95));
                else if (words.Count > 0 && place > at) Insert(place, words[dice.Below(words.Count)]);
                break;
        }
    }

    private void Change(byte[] other)
    {
        if (_length == 0)
        {
            Insert(0, [(byte)dice.Next()]);
            return;
        }

        var at = dice.Below(_length);
        switch (dice.Below(16))
        {
            case 0:
                _buffer[at] ^= (byte)(1 << dice.Below(8));
                break;
            case 1:
                _buffer[at] = (byte)dice.Next();
                break;
            case 2:
                _buffer[at] = Bytes[dice.Below(Bytes.Length)];
                break;
            case 3 when at + 2 <= _length:
                BinaryPrimitives.WriteUInt16BigEndian(_buffer.AsSpan(at), Shorts[dice.Below(Shorts.Length)]);
                break;
            case 4 when at + 4 <= _length:
                BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(at), Ints[dice.Below(Ints.Length)]);
                break;
            case 5:
                _buffer[at] += (byte)(dice.Below(35) + 1);
                break;
            case 6:
                _buffer[at] -= (byte)(dice.Below(35) + 1);
                break;
            case 7 or 8:
                Delete(at, Block(_length - at));
                break;
            case 9:
                // Its own part once more, or the same byte again and again.
                var size = Block(_length - at);
                Span<byte> copy = stackalloc byte[size];
                if (dice.Below(4) > 0) _buffer.AsSpan(at, size).CopyTo(copy);
                else copy.Fill(_buffer[at]);
                Insert(dice.Below(_length + 1), copy);
                break;
            case 10:
                var length = Block(_length - at);
                _buffer.AsSpan(at, length).CopyTo(_buffer.AsSpan(dice.Below(_length - length + 1)));
                break;
            case 11 when words.Count > 0:
                Insert(at, words[dice.Below(words.Count)]);
                break;
            case 12 when words.Count > 0:
                var word = words[dice.Below(words.Count)];
                word.AsSpan(0, Math.Min(word.Length, _length - at)).CopyTo(_buffer.AsSpan(at));
                break;
            case 13 when other.Length > 0:
                Splice(at, other);
                break;
            case 14 when other.Length > 0:
                var from = dice.Below(other.Length);
                Insert(at, other.AsSpan(from, Block(other.Length - from)));
                break;
            default:
                // A digit stays a digit: numbers in texts.
                if (char.IsAsciiDigit((char)_buffer[at])) _buffer[at] = (byte)('0' + dice.Below(10));
                else Insert(at, [(byte)dice.Next()]);
                break;
        }
    }

    // Mostly short, seldom long.
    private int Block(int most)
    {
        var limit = dice.Below(8) switch { < 5 => 16, < 7 => 128, _ => 1024 };
        return 1 + dice.Below(Math.Min(most, limit));
    }

    private void Insert(int at, ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _buffer.Length) return;
        _buffer.AsSpan(at, _length - at).CopyTo(_buffer.AsSpan(at + bytes.Length));
        bytes.CopyTo(_buffer.AsSpan(at));
        _length += bytes.Length;
    }

    private void Delete(int at, int count)
    {
        _buffer.AsSpan(at + count, _length - at - count).CopyTo(_buffer.AsSpan(at));
        _length -= count;
    }

    // The beginning of one, the end of another.
    private void Splice(int at, byte[] other)
    {
        var from = dice.Below(other.Length);
        var count = Math.Min(other.Length - from, _buffer.Length - at);
        other.AsSpan(from, count).CopyTo(_buffer.AsSpan(at));
        _length = at + count;
    }
}
