using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace OcfCloud.Core.Payloads;

/// <summary>Walks over CBOR in place. Nothing throws on bad bytes; the methods that say so trust bytes that <see cref="TryCheck"/> has passed.</summary>
internal ref struct CborCursor(ReadOnlySpan<byte> bytes)
{
    /// <summary>Members of one map: more are refused, which bounds the search for a key that is there twice.</summary>
    public const int MaxMapMembers = 512;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position == _bytes.Length;

    public readonly CborHead PeekHead()
    {
        var ahead = this;
        return ahead.TryReadHead(out var head) ? head : default;
    }

    /// <summary>Reads a head that is well-formed by itself.</summary>
    public bool TryReadHead(out CborHead head)
    {
        head = default;
        if (IsAtEnd) return false;
        var first = _bytes[Position];
        var (major, info) = (first >> 5, first & 31);
        var size = info switch { < 24 => 0, 24 => 1, 25 => 2, 26 => 4, 27 => 8, _ => -1 };
        if (size < 0)
        {
            // 28 to 30 are reserved; numbers and tags have no indefinite length.
            if (info != CborHead.Indefinite || major is CborHead.Unsigned or CborHead.Negative or CborHead.Tag) return false;
            Position++;
            head = new CborHead(major, info, 0);
            return true;
        }
        if (_bytes.Length - Position - 1 < size) return false;
        var rest = _bytes.Slice(Position + 1, size);
        var argument = size switch
        {
            0 => (ulong)info,
            1 => rest[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(rest),
            4 => BinaryPrimitives.ReadUInt32BigEndian(rest),
            _ => BinaryPrimitives.ReadUInt64BigEndian(rest),
        };
        // RFC 8949, 3.3: simple values below 32 have one byte.
        if (major == CborHead.Simple && size == 1 && argument < 32) return false;
        Position += 1 + size;
        head = new CborHead(major, info, argument);
        return true;
    }

    /// <summary>Checks and passes one item: well-formed, valid UTF-8, no key twice, not nested deeper than allowed.</summary>
    public bool TryCheck(int depth)
    {
        if (!TryReadHead(out var head)) return false;
        return head.Major switch
        {
            CborHead.Unsigned or CborHead.Negative => true,
            CborHead.Bytes or CborHead.Text => TryCheckString(head),
            CborHead.Array => depth > 0 && TryCheckArray(head, depth - 1),
            CborHead.Map => depth > 0 && TryCheckMap(head, depth - 1),
            CborHead.Tag => depth > 0 && TryCheck(depth - 1),
            _ => !head.IsBreak,
        };
    }

    /// <summary>Passes one item; trusts the bytes.</summary>
    public ReadOnlySpan<byte> Skip()
    {
        var start = Position;
        TryReadHead(out var head);
        switch (head.Major)
        {
            case CborHead.Bytes or CborHead.Text when !head.IsIndefinite:
                Position += (int)head.Argument;
                break;
            case CborHead.Bytes or CborHead.Text or CborHead.Array or CborHead.Map:
                var items = head.Major == CborHead.Map ? 2 * head.Argument : head.Argument;
                for (ulong i = 0; head.IsIndefinite ? !TryReadBreak() : i < items; i++) Skip();
                break;
            case CborHead.Tag:
                Skip();
                break;
        }
        return _bytes[start..Position];
    }

    /// <summary>Passes a "break", where one is next.</summary>
    public bool TryReadBreak()
    {
        if (IsAtEnd || _bytes[Position] != 0xff) return false;
        Position++;
        return true;
    }

    /// <summary>Reads the rest of a text after its head; trusts the bytes.</summary>
    public string ReadText(CborHead head)
    {
        if (!head.IsIndefinite) return Encoding.UTF8.GetString(Take(head.Argument));
        var text = new StringBuilder();
        while (!TryReadBreak())
        {
            TryReadHead(out var chunk);
            text.Append(Encoding.UTF8.GetString(Take(chunk.Argument)));
        }
        return text.ToString();
    }

    /// <summary>Reads the rest of a byte string after its head; trusts the bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes(CborHead head)
    {
        if (!head.IsIndefinite) return Take(head.Argument);
        var joined = new List<byte>();
        while (!TryReadBreak())
        {
            TryReadHead(out var chunk);
            joined.AddRange(Take(chunk.Argument));
        }
        return joined.ToArray();
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        var taken = _bytes.Slice(Position, (int)length);
        Position += (int)length;
        return taken;
    }

    private readonly bool Has(ulong length) => length <= (ulong)(_bytes.Length - Position);

    private bool TryCheckString(CborHead head)
    {
        if (!head.IsIndefinite) return TryCheckChunk(head);
        while (!TryReadBreak())
        {
            // RFC 8949, 3.2.3: chunks are of definite length and of the same type.
            if (!TryReadHead(out var chunk) || chunk.Major != head.Major || chunk.IsIndefinite || !TryCheckChunk(chunk)) return false;
        }
        return true;
    }

    private bool TryCheckChunk(CborHead head) =>
        Has(head.Argument) && Take(head.Argument) is var content && (head.Major == CborHead.Bytes || Utf8.IsValid(content));

    private bool TryCheckArray(CborHead head, int depth)
    {
        // Each item has a byte at least: a count that the bytes cannot hold is refused before the walk.
        if (!Has(head.Argument)) return false;
        for (ulong i = 0; head.IsIndefinite ? !TryReadBreak() : i < head.Argument; i++)
        {
            if (!TryCheck(depth)) return false;
        }
        return true;
    }

    private bool TryCheckMap(CborHead head, int depth)
    {
        if (head.Argument > MaxMapMembers || !Has(2 * head.Argument)) return false;
        var keys = new List<(int Hash, Range Bytes)>();
        for (ulong i = 0; head.IsIndefinite ? !TryReadBreak() : i < head.Argument; i++)
        {
            if (i == MaxMapMembers) return false;
            var start = Position;
            // A key in pieces has many encodings: nobody sends it, and it could hide that it is there twice.
            if (PeekHead() is { IsIndefinite: true } || !TryCheck(depth)) return false;
            var (hash, key) = (HashOfKey(_bytes[start..Position]), start..Position);
            foreach (var other in keys)
            {
                if (other.Hash == hash && AreSameKey(_bytes[other.Bytes], _bytes[key])) return false;
            }
            keys.Add((hash, key));
            if (!TryCheck(depth)) return false;
        }
        return true;
    }

    private static int HashOfKey(ReadOnlySpan<byte> key)
    {
        var content = new CborCursor(key);
        content.TryReadHead(out var head);
        var hash = default(HashCode);
        hash.Add(head.Major);
        hash.Add(head.Argument);
        hash.AddBytes(key[content.Position..]);
        return hash.ToHashCode();
    }

    // By what they say, not by how long their heads are.
    private static bool AreSameKey(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var leftContent = new CborCursor(left);
        var rightContent = new CborCursor(right);
        leftContent.TryReadHead(out var leftHead);
        rightContent.TryReadHead(out var rightHead);
        if (leftHead.Major != rightHead.Major || leftHead.Argument != rightHead.Argument) return false;
        return left[leftContent.Position..].SequenceEqual(right[rightContent.Position..]) && (leftHead.Major != CborHead.Simple || leftHead.Info == rightHead.Info);
    }
}
