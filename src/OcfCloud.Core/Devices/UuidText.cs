namespace OcfCloud.Core.Devices;

/// <summary>The one form of a UUID that this cloud takes: 8-4-4-4-12 hexadecimal digits, of any case.</summary>
internal static class UuidText
{
    internal const int Length = 36;

    // Guid.TryParse trims white space and takes other forms; the form is checked first, the digits by Guid itself.
    internal static bool TryParse(ReadOnlySpan<char> text, out Guid value)
    {
        value = default;
        return text.Length == Length
            && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-'
            && HasOnlyDigits(text)
            && Guid.TryParseExact(text, "D", out value);
    }

    internal static bool TryParse(ReadOnlySpan<byte> utf8, out Guid value)
    {
        value = default;
        if (utf8.Length != Length) return false;
        Span<char> text = stackalloc char[Length];
        for (var i = 0; i < Length; i++) text[i] = (char)utf8[i];
        return TryParse(text, out value);
    }

    // TryParseExact still takes "0x" and signs inside a group.
    private static bool HasOnlyDigits(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23) continue;
            if (!char.IsAsciiHexDigit(text[i])) return false;
        }
        return true;
    }
}
