using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Core.Payloads;

/// <summary>A map of a payload that was checked as a whole: well-formed, no key twice. Unknown members are no error; keys that are no text are skipped.</summary>
public sealed class CborMap
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _members = new(StringComparer.Ordinal);

    private CborMap()
    {
    }

    /// <summary>Every member: its name and its encoded value.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Members => _members;

    /// <summary>Reads one map.</summary>
    /// <param name="payload">Exactly one CBOR item; must not change as long as the map is used.</param>
    /// <param name="map">The map.</param>
    /// <returns>False where the payload is not well-formed or no map.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out CborMap? map)
    {
        map = CborValidation.IsWellFormed(payload.Span) ? ReadChecked(payload) : null;
        return map is not null;
    }

    /// <summary>Reads an array of maps.</summary>
    /// <param name="payload">Exactly one CBOR item; must not change as long as the maps are used.</param>
    /// <param name="maps">The maps.</param>
    /// <returns>False where the payload is not well-formed or no array of maps.</returns>
    public static bool TryReadAll(ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out IReadOnlyList<CborMap>? maps)
    {
        maps = null;
        if (!CborValidation.IsWellFormed(payload.Span) || !TryReadArray(payload, out var items)) return false;
        var read = items.ConvertAll(ReadChecked);
        if (read.Contains(null)) return false;
        maps = read.ConvertAll(map => map!);
        return true;
    }

    /// <summary>A text.</summary>
    public CborMember Text(string name, out string value)
    {
        value = "";
        if (!_members.TryGetValue(name, out var encoded)) return CborMember.Absent;
        return TryReadText(encoded.Span, out value) ? CborMember.Found : CborMember.WrongType;
    }

    /// <summary>An integer that fits into 64 bits with sign.</summary>
    public CborMember Integer(string name, out long value)
    {
        value = 0;
        if (!_members.TryGetValue(name, out var encoded)) return CborMember.Absent;
        var head = new CborCursor(encoded.Span).PeekHead();
        if (head.Major is not (CborHead.Unsigned or CborHead.Negative) || head.Argument > long.MaxValue) return CborMember.WrongType;
        value = head.Major == CborHead.Unsigned ? (long)head.Argument : -1 - (long)head.Argument;
        return CborMember.Found;
    }

    /// <summary>A truth value.</summary>
    public CborMember Boolean(string name, out bool value)
    {
        value = false;
        if (!_members.TryGetValue(name, out var encoded)) return CborMember.Absent;
        value = encoded.Span[0] == 0xf5;
        return encoded.Span[0] is 0xf4 or 0xf5 ? CborMember.Found : CborMember.WrongType;
    }

    /// <summary>A map.</summary>
    public CborMember Map(string name, out CborMap? value)
    {
        value = null;
        if (!_members.TryGetValue(name, out var encoded)) return CborMember.Absent;
        value = ReadChecked(encoded);
        return value is null ? CborMember.WrongType : CborMember.Found;
    }

    /// <summary>An array of maps; may be empty.</summary>
    public CborMember Maps(string name, out IReadOnlyList<CborMap> value)
    {
        var maps = new List<CborMap>();
        value = maps;
        if (!_members.TryGetValue(name, out var encoded)) return CborMember.Absent;
        if (!TryReadArray(encoded, out var items)) return CborMember.WrongType;
        foreach (var item in items)
        {
            if (ReadChecked(item) is not { } map) return CborMember.WrongType;
            maps.Add(map);
        }
        return CborMember.Found;
    }

    /// <summary>An array of texts; may be empty.</summary>
    public CborMember Texts(string name, out IReadOnlyList<string> value)
    {
        var texts = new List<string>();
        value = texts;
        if (!_members.TryGetValue(name, out var encoded)) return CborMember.Absent;
        if (!TryReadArray(encoded, out var items)) return CborMember.WrongType;
        foreach (var item in items)
        {
            if (!TryReadText(item.Span, out var text)) return CborMember.WrongType;
            texts.Add(text);
        }
        return CborMember.Found;
    }

    private static bool TryReadText(ReadOnlySpan<byte> encoded, out string value)
    {
        value = "";
        var cursor = new CborCursor(encoded);
        if (!cursor.TryReadHead(out var head) || head.Major != CborHead.Text) return false;
        value = cursor.ReadText(head);
        return true;
    }

    private static CborMap? ReadChecked(ReadOnlyMemory<byte> encoded)
    {
        var cursor = new CborCursor(encoded.Span);
        if (!cursor.TryReadHead(out var head) || head.Major != CborHead.Map) return null;
        var map = new CborMap();
        for (ulong i = 0; head.IsIndefinite ? !cursor.TryReadBreak() : i < head.Argument; i++)
        {
            var hasName = TryReadText(cursor.Skip(), out var name);
            var start = cursor.Position;
            cursor.Skip();
            if (hasName) map._members.Add(name, encoded[start..cursor.Position]);
        }
        return map;
    }

    private static bool TryReadArray(ReadOnlyMemory<byte> encoded, out List<ReadOnlyMemory<byte>> items)
    {
        items = [];
        var cursor = new CborCursor(encoded.Span);
        if (!cursor.TryReadHead(out var head) || head.Major != CborHead.Array) return false;
        for (ulong i = 0; head.IsIndefinite ? !cursor.TryReadBreak() : i < head.Argument; i++)
        {
            var start = cursor.Position;
            cursor.Skip();
            items.Add(encoded[start..cursor.Position]);
        }
        return true;
    }
}
