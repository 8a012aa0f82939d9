using System.Text;
using OcfCloud.Coap;

namespace OcfCloud.LoadGenerator.Connections;

/// <summary>Requests as they go on the wire.</summary>
internal static class Requests
{
    /// <summary>A GET.</summary>
    /// <param name="path">Its path, from the first slash on.</param>
    /// <param name="token">Its token.</param>
    public static byte[] Get(string path, CoapToken token) => Encode(CoapCode.Get, path, query: null, payload: null, token);

    /// <summary>A POST of <c>application/vnd.ocf+cbor</c>.</summary>
    /// <param name="path">Its path, from the first slash on.</param>
    /// <param name="query">One query, or null.</param>
    /// <param name="payload">The representation.</param>
    /// <param name="token">Its token.</param>
    public static byte[] Post(string path, string? query, byte[] payload, CoapToken token) => Encode(CoapCode.Post, path, query, payload, token);

    private static byte[] Encode(CoapCode code, string path, string? query, byte[]? payload, CoapToken token)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var buffer = new byte[CoapFrameWriter.MaxSize(segments.Length + 3, (path.Length * 4) + ((query?.Length ?? 0) * 4) + 8, payload?.Length ?? 0)];
        var writer = new CoapFrameWriter(buffer, code, token);
        foreach (var segment in segments)
            writer.WriteOption(CoapOptionNumber.UriPath, Encoding.UTF8.GetBytes(segment));
        if (payload is not null)
            writer.WriteOption(CoapOptionNumber.ContentFormat, CoapContentFormat.OcfCbor);
        if (query is not null)
            writer.WriteOption(CoapOptionNumber.UriQuery, Encoding.UTF8.GetBytes(query));
        if (payload is not null)
            writer.WritePayload(payload);
        return buffer[..writer.Finish()];
    }
}
