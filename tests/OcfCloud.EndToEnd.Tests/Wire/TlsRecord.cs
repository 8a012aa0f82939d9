namespace OcfCloud.EndToEnd.Wire;

/// <summary>A TLS record as it stood on the wire (RFC 5246, 6.2.1): its type and the bytes behind its head.</summary>
internal readonly record struct TlsRecord(byte Type, int Length)
{
    public const byte ApplicationData = 23;

    // RFC 5288, 3: AES-GCM of TLS 1.2 adds a nonce of 8 and a tag of 16 bytes.
    private const int GcmOverhead = 24;

    /// <summary>The bytes that a record of TLS 1.2 with AES-GCM carries.</summary>
    public int GcmPlaintext => Length - GcmOverhead;
}
