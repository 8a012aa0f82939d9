namespace OcfCloud.Fuzzing.Engine;

/// <summary>Finds whole values in texts that need not be well-formed.</summary>
internal static class Values
{
    /// <summary>The value that begins at or after a position; null: none does.</summary>
    public static Range? At(ReadOnlySpan<byte> text, int at, Grain grain)
    {
        for (; at < text.Length; at++)
        {
            if (grain == Grain.Xml ? text[at] == '<' && at + 1 < text.Length && text[at + 1] is not ((byte)'/' or (byte)'?' or (byte)'!') : text[at] is (byte)'{' or (byte)'[' or (byte)'"' || IsPlain(text[at]))
                return at..(grain == Grain.Xml ? EndOfElement(text, at) : EndOfValue(text, at));
        }

        return null;
    }

    /// <summary>A byte of a number, a literal, or a text without anything special.</summary>
    public static bool IsPlain(byte value) => char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'+';

    private static int EndOfValue(ReadOnlySpan<byte> text, int at)
    {
        var depth = 0;
        if (IsPlain(text[at]))
        {
            while (at < text.Length && IsPlain(text[at])) at++;
            return at;
        }

        for (; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'"':
                    for (at++; at < text.Length && text[at] != '"'; at++)
                    {
                        if (text[at] == '\\') at++;
                    }

                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    break;
            }

            if (depth <= 0) return Math.Min(at + 1, text.Length);
        }

        return text.Length;
    }

    private static int EndOfElement(ReadOnlySpan<byte> text, int at)
    {
        var depth = 0;
        while (at < text.Length)
        {
            var tag = text[at..];
            var end = tag.IndexOf((byte)'>');
            if (end < 0) return text.Length;
            if (tag.StartsWith("</"u8)) depth--;
            else if (tag[0] == '<' && tag[end - 1] != '/') depth++;
            at += end + 1;
            if (depth <= 0) return at;
            var next = text[at..].IndexOf((byte)'<');
            if (next < 0) return text.Length;
            at += next;
        }

        return text.Length;
    }
}
