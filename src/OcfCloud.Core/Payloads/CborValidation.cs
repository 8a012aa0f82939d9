namespace OcfCloud.Core.Payloads;

/// <summary>Whether bytes are CBOR at all (RFC 8949, 5.3.1), and safe to be read by others.</summary>
public static class CborValidation
{
    /// <summary>Nesting that payloads may have.</summary>
    public const int DefaultMaxDepth = 32;

    /// <summary>Whether the bytes are exactly one well-formed item with valid UTF-8 in its texts, no key twice in a map and at most 512 members in one.</summary>
    /// <param name="bytes">The payload.</param>
    /// <param name="maxDepth">Arrays, maps and tags within each other, 1 or more.</param>
    public static bool IsWellFormed(ReadOnlySpan<byte> bytes, int maxDepth = DefaultMaxDepth)
    {
        var cursor = new CborCursor(bytes);
        return cursor.TryCheck(maxDepth) && cursor.IsAtEnd;
    }
}
