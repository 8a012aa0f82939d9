using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Core.Devices;

/// <summary>The UUID of a device (<c>di</c>). Compared as a value, written in lower case.</summary>
/// <param name="Value">The UUID.</param>
public readonly record struct DeviceId(Guid Value) : IComparable<DeviceId>
{
    /// <summary>Makes a new random id.</summary>
    public static DeviceId New() => new(Guid.NewGuid());

    /// <summary>Reads exactly 8-4-4-4-12 hexadecimal digits of any case; allocates nothing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="id">The id, or the empty one.</param>
    /// <returns>Whether the text has that form.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DeviceId id)
    {
        var parsed = UuidText.TryParse(text, out var value);
        id = new DeviceId(value);
        return parsed;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out DeviceId)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out DeviceId id) => TryParse(text.AsSpan(), out id);

    /// <summary>Reads the same form from its UTF-8 bytes; allocates nothing.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="id">The id, or the empty one.</param>
    /// <returns>Whether the bytes have that form.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out DeviceId id)
    {
        var parsed = UuidText.TryParse(utf8, out var value);
        id = new DeviceId(value);
        return parsed;
    }

    /// <inheritdoc/>
    public int CompareTo(DeviceId other) => Value.CompareTo(other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString("D");

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(DeviceId left, DeviceId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/> or is equal.</summary>
    public static bool operator <=(DeviceId left, DeviceId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(DeviceId left, DeviceId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/> or is equal.</summary>
    public static bool operator >=(DeviceId left, DeviceId right) => left.CompareTo(right) >= 0;
}
