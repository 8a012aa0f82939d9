using System.Buffers.Binary;

namespace OcfCloud.Coap;

/// <summary>A token of up to 8 bytes, held without an allocation (RFC 7252, 5.3.1).</summary>
public readonly struct CoapToken : IEquatable<CoapToken>
{
    /// <summary>The longest token, in bytes.</summary>
    public const int MaxLength = 8;

    private readonly byte _length;

    private CoapToken(ulong value, int length)
    {
        Value = value;
        _length = (byte)length;
    }

    /// <summary>The bytes as a number in network order.</summary>
    public ulong Value { get; }

    /// <summary>Number of bytes, 0 to 8.</summary>
    public int Length => _length;

    /// <summary>A token of 8 bytes.</summary>
    public static CoapToken FromUInt64(ulong value) => new(value, MaxLength);

    /// <summary>The token with these bytes, up to 8.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 8 bytes.</exception>
    public static CoapToken From(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxLength);
        ulong value = 0;
        foreach (var b in bytes)
            value = (value << 8) | b;
        return new CoapToken(value, bytes.Length);
    }

    /// <summary>Writes the bytes.</summary>
    /// <returns>How many.</returns>
    public int CopyTo(Span<byte> destination)
    {
        Span<byte> all = stackalloc byte[MaxLength];
        BinaryPrimitives.WriteUInt64BigEndian(all, Value);
        all[(MaxLength - _length)..].CopyTo(destination);
        return _length;
    }

    /// <inheritdoc/>
    public bool Equals(CoapToken other) => Value == other.Value && _length == other._length;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CoapToken other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Value, _length);

    /// <summary>Hexadecimal digits.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[MaxLength];
        return Convert.ToHexString(bytes[..CopyTo(bytes)]);
    }

    /// <summary>Same bytes.</summary>
    public static bool operator ==(CoapToken left, CoapToken right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(CoapToken left, CoapToken right) => !left.Equals(right);
}
