using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Core.Devices;

/// <summary>The UUID of a user (<c>uid</c>), made by this cloud. Compared as a value, written in lower case.</summary>
/// <param name="Value">The UUID.</param>
public readonly record struct UserId(Guid Value) : IComparable<UserId>
{
    /// <summary>Makes a new random id.</summary>
    public static UserId New() => new(Guid.NewGuid());

    /// <summary>Reads exactly 8-4-4-4-12 hexadecimal digits of any case; allocates nothing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="id">The id, or the empty one.</param>
    /// <returns>Whether the text has that form.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out UserId id)
    {
        var parsed = UuidText.TryParse(text, out var value);
        id = new UserId(value);
        return parsed;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out UserId)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out UserId id) => TryParse(text.AsSpan(), out id);

    /// <summary>Reads the same form from its UTF-8 bytes; allocates nothing.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="id">The id, or the empty one.</param>
    /// <returns>Whether the bytes have that form.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out UserId id)
    {
        var parsed = UuidText.TryParse(utf8, out var value);
        id = new UserId(value);
        return parsed;
    }

    /// <inheritdoc/>
    public int CompareTo(UserId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(UserId left, UserId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/> or is equal.</summary>
    public static bool operator <=(UserId left, UserId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(UserId left, UserId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/> or is equal.</summary>
    public static bool operator >=(UserId left, UserId right) => left.CompareTo(right) >= 0;
}
