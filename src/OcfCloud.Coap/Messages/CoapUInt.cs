using System.Buffers.Binary;

namespace OcfCloud.Coap;

/// <summary>The unsigned integers of option values: network order, leading zeros left out (RFC 7252, 3.2).</summary>
public static class CoapUInt
{
    /// <summary>Reads a value; leading zero bytes are tolerated; false for more than 4 significant bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out uint value)
    {
        value = 0;
        bytes = bytes.TrimStart((byte)0);
        if (bytes.Length > sizeof(uint))
            return false;
        foreach (var b in bytes)
            value = (value << 8) | b;
        return true;
    }

    /// <summary>Writes the shortest form.</summary>
    /// <returns>Its length, 0 to 4 bytes.</returns>
    public static int Write(uint value, Span<byte> destination)
    {
        Span<byte> all = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(all, value);
        var significant = all.TrimStart((byte)0);
        significant.CopyTo(destination);
        return significant.Length;
    }
}
