#pragma warning disable CS1591 // The names are those of the registry; what they mean is said there.
namespace OcfCloud.Coap;

/// <summary>Numbers of the CoAP Option Numbers registry that this library knows (RFC 7252, 12.2). Odd numbers are critical.</summary>
public enum CoapOptionNumber
{
    IfMatch = 1,
    UriHost = 3,
    ETag = 4,
    IfNoneMatch = 5,
    Observe = 6,
    UriPort = 7,
    LocationPath = 8,
    UriPath = 11,
    ContentFormat = 12,
    MaxAge = 14,
    UriQuery = 15,
    HopLimit = 16,
    Accept = 17,
    LocationQuery = 20,
    Block2 = 23,
    Block1 = 27,
    Size2 = 28,
    ProxyUri = 35,
    ProxyScheme = 39,
    Size1 = 60,
    NoResponse = 258,
    OcfAcceptContentFormatVersion = 2049,
    OcfContentFormatVersion = 2053,
}
