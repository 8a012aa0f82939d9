using System.Net.Http.Headers;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>Between CoAP content formats, media types and <see cref="RemoteFormat"/>.</summary>
internal static class RemoteFormats
{
    /// <summary>The CoAP content format of JSON, of CBOR and of OCF's CBOR.</summary>
    public const int Json = 50, Cbor = 60, OcfCbor = 10000;

    /// <summary>The encoding of a CoAP content format.</summary>
    public static RemoteFormat Of(int contentFormat) => contentFormat == Json ? RemoteFormat.Json : RemoteFormat.OcfCbor;

    /// <summary>The CoAP content format.</summary>
    public static int ContentFormat(this RemoteFormat format) => format == RemoteFormat.Json ? Json : OcfCbor;

    /// <summary>The media type.</summary>
    public static string MediaType(this RemoteFormat format) => format == RemoteFormat.Json ? "application/json" : "application/vnd.ocf+cbor";

    /// <summary>The other one.</summary>
    public static RemoteFormat Other(this RemoteFormat format) => format == RemoteFormat.Json ? RemoteFormat.OcfCbor : RemoteFormat.Json;

    /// <summary>Reads a media type; parameters say nothing.</summary>
    /// <returns>False where it is none of those that are understood.</returns>
    public static bool TryRead(string? contentType, out RemoteFormat format)
    {
        format = RemoteFormat.Json;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return false;
        switch (type.MediaType?.ToLowerInvariant())
        {
            case "application/json":
                return true;
            case "application/vnd.ocf+cbor" or "application/cbor":
                format = RemoteFormat.OcfCbor;
                return true;
            default:
                return false;
        }
    }
}
