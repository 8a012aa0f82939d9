namespace OcfCloud.Coap;

/// <summary>A CoAP code, class and detail in one byte: a method, a response or a signaling code (RFC 7252, 3; RFC 8323, 5.1).</summary>
/// <param name="Value">The byte on the wire: three bits of class, five of detail.</param>
public readonly record struct CoapCode(byte Value)
{
    /// <summary>0.00, an empty message.</summary>
    public static CoapCode Empty => default;

    /// <summary>0.01.</summary>
    public static CoapCode Get => new(0, 1);

    /// <summary>0.02.</summary>
    public static CoapCode Post => new(0, 2);

    /// <summary>0.03.</summary>
    public static CoapCode Put => new(0, 3);

    /// <summary>0.04.</summary>
    public static CoapCode Delete => new(0, 4);

    /// <summary>0.05 (RFC 8132).</summary>
    public static CoapCode Fetch => new(0, 5);

    /// <summary>0.06 (RFC 8132).</summary>
    public static CoapCode Patch => new(0, 6);

    /// <summary>0.07 (RFC 8132).</summary>
    public static CoapCode IPatch => new(0, 7);

    /// <summary>2.01.</summary>
    public static CoapCode Created => new(2, 1);

    /// <summary>2.02.</summary>
    public static CoapCode Deleted => new(2, 2);

    /// <summary>2.03.</summary>
    public static CoapCode Valid => new(2, 3);

    /// <summary>2.04.</summary>
    public static CoapCode Changed => new(2, 4);

    /// <summary>2.05.</summary>
    public static CoapCode Content => new(2, 5);

    /// <summary>2.31 (RFC 7959).</summary>
    public static CoapCode Continue => new(2, 31);

    /// <summary>4.00.</summary>
    public static CoapCode BadRequest => new(4, 0);

    /// <summary>4.01.</summary>
    public static CoapCode Unauthorized => new(4, 1);

    /// <summary>4.02.</summary>
    public static CoapCode BadOption => new(4, 2);

    /// <summary>4.03.</summary>
    public static CoapCode Forbidden => new(4, 3);

    /// <summary>4.04.</summary>
    public static CoapCode NotFound => new(4, 4);

    /// <summary>4.05.</summary>
    public static CoapCode MethodNotAllowed => new(4, 5);

    /// <summary>4.06.</summary>
    public static CoapCode NotAcceptable => new(4, 6);

    /// <summary>4.08 (RFC 7959).</summary>
    public static CoapCode RequestEntityIncomplete => new(4, 8);

    /// <summary>4.09 (RFC 8132).</summary>
    public static CoapCode Conflict => new(4, 9);

    /// <summary>4.12.</summary>
    public static CoapCode PreconditionFailed => new(4, 12);

    /// <summary>4.13.</summary>
    public static CoapCode RequestEntityTooLarge => new(4, 13);

    /// <summary>4.15.</summary>
    public static CoapCode UnsupportedContentFormat => new(4, 15);

    /// <summary>4.22 (RFC 8132).</summary>
    public static CoapCode UnprocessableEntity => new(4, 22);

    /// <summary>4.29 (RFC 8516).</summary>
    public static CoapCode TooManyRequests => new(4, 29);

    /// <summary>5.00.</summary>
    public static CoapCode InternalServerError => new(5, 0);

    /// <summary>5.01.</summary>
    public static CoapCode NotImplemented => new(5, 1);

    /// <summary>5.02.</summary>
    public static CoapCode BadGateway => new(5, 2);

    /// <summary>5.03.</summary>
    public static CoapCode ServiceUnavailable => new(5, 3);

    /// <summary>5.04.</summary>
    public static CoapCode GatewayTimeout => new(5, 4);

    /// <summary>5.05.</summary>
    public static CoapCode ProxyingNotSupported => new(5, 5);

    /// <summary>5.08 (RFC 8768).</summary>
    public static CoapCode HopLimitReached => new(5, 8);

    /// <summary>7.01, capabilities and settings (RFC 8323, 5.3).</summary>
    public static CoapCode Csm => new(7, 1);

    /// <summary>7.02 (RFC 8323, 5.4).</summary>
    public static CoapCode Ping => new(7, 2);

    /// <summary>7.03 (RFC 8323, 5.4).</summary>
    public static CoapCode Pong => new(7, 3);

    /// <summary>7.04 (RFC 8323, 5.5).</summary>
    public static CoapCode Release => new(7, 4);

    /// <summary>7.05 (RFC 8323, 5.6).</summary>
    public static CoapCode Abort => new(7, 5);

    /// <summary>A code of a class (0-7) and a detail (0-31).</summary>
    public CoapCode(int @class, int detail)
        : this((byte)((@class << 5) | detail))
    {
    }

    /// <summary>0 requests, 2 success, 4 the asker's fault, 5 the server's, 7 signaling.</summary>
    public int Class => Value >> 5;

    /// <summary>0-31.</summary>
    public int Detail => Value & 0x1f;

    /// <summary>A method.</summary>
    public bool IsRequest => Class == 0 && Value != 0;

    /// <summary>A response of classes 2 to 5.</summary>
    public bool IsResponse => Class is >= 2 and <= 5;

    /// <summary>2.xx.</summary>
    public bool IsSuccess => Class == 2;

    /// <summary>7.xx (RFC 8323, 5).</summary>
    public bool IsSignaling => Class == 7;

    /// <summary>As people write it: <c>2.05</c>.</summary>
    public override string ToString() => $"{Class}.{Detail:D2}";
}
