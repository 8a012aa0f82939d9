namespace OcfCloud.Coap;

/// <summary>Numbers of the CoAP Content-Formats registry.</summary>
public static class CoapContentFormat
{
    /// <summary><c>text/plain; charset=utf-8</c>.</summary>
    public const int TextPlain = 0;

    /// <summary><c>application/link-format</c>.</summary>
    public const int LinkFormat = 40;

    /// <summary><c>application/octet-stream</c>.</summary>
    public const int OctetStream = 42;

    /// <summary><c>application/json</c>.</summary>
    public const int Json = 50;

    /// <summary><c>application/cbor</c>.</summary>
    public const int Cbor = 60;

    /// <summary><c>application/vnd.ocf+cbor</c>.</summary>
    public const int OcfCbor = 10000;
}
