namespace OcfCloud.Onvif.Firmware;

/// <summary>The order of versions as people read them: runs of digits by their number (4.9 before 4.10), all else by its characters.</summary>
internal sealed class VersionOrder : IComparer<string>
{
    public static VersionOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null) return string.CompareOrdinal(x, y);
        var left = x.AsSpan();
        var right = y.AsSpan();
        while (left.Length > 0 && right.Length > 0)
        {
            var order = char.IsAsciiDigit(left[0]) && char.IsAsciiDigit(right[0]) ? CompareNumbers(ref left, ref right) : CompareCharacters(ref left, ref right);
            if (order != 0) return order;
        }

        return left.Length != right.Length ? left.Length - right.Length : string.CompareOrdinal(x, y);
    }

    private static int CompareCharacters(ref ReadOnlySpan<char> left, ref ReadOnlySpan<char> right)
    {
        var order = left[0] - right[0];
        left = left[1..];
        right = right[1..];
        return order;
    }

    // Of any length: they are compared as they are written.
    private static int CompareNumbers(ref ReadOnlySpan<char> left, ref ReadOnlySpan<char> right)
    {
        var first = TakeNumber(ref left);
        var second = TakeNumber(ref right);
        return first.Length != second.Length ? first.Length - second.Length : first.SequenceCompareTo(second);
    }

    private static ReadOnlySpan<char> TakeNumber(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        var number = end < 0 ? text : text[..end];
        text = text[number.Length..];
        return number.TrimStart('0');
    }
}
