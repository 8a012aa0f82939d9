using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Requests;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>Where another cloud serves a resource: <c>/api/v1/devices/{di}/{href}?{query}</c> (30118-10, 6.2).</summary>
internal static class RemotePath
{
    // RFC 7252, 5.10: of one Uri-Path or Uri-Query.
    private const int MaxPartBytes = 255;

    // RFC 3986, 3.4, without what separates parts here (&), and what some servers take for a space (+) or a separator (;).
    private const string PlainInQuery = "-._~!$'()*,=:@/?";

    /// <summary>Writes the path and query, percent-encoded: the other cloud decodes each part to what is here.</summary>
    /// <param name="request">The request.</param>
    /// <param name="path">The path.</param>
    /// <returns>False where no resource can have that path: it has empty or dot segments, or would name a subscription there.</returns>
    public static bool TryWrite(MirroredRequest request, [NotNullWhen(true)] out string? path)
    {
        path = null;
        if (!request.Href.StartsWith('/')) return false;
        var segments = request.Href[1..].Split('/');
        if (!segments.All(IsSegment) || NamesSubscription(request.Method, segments)) return false;
        var written = new StringBuilder(TargetPath.Devices).Append('/').Append(request.Device.Device);
        foreach (var segment in segments) written.Append('/').Append(Uri.EscapeDataString(segment));
        for (var i = 0; i < request.Query.Count; i++)
        {
            written.Append(i == 0 ? '?' : '&');
            AppendQuery(written, request.Query[i]);
        }

        path = written.ToString();
        return true;
    }

    // A URI's dots would be taken out on the way, and what stands there then is another resource.
    private static bool IsSegment(string segment) =>
        segment is not ("" or "." or "..") && Encoding.UTF8.GetByteCount(segment) <= MaxPartBytes && !segment.Any(char.IsControl);

    // With this cloud's token, a client's body would subscribe whomever it names (30118-10, 6.3).
    private static bool NamesSubscription(DeviceMethod method, string[] segments) =>
        IsSubscriptions(segments[^1]) || (method == DeviceMethod.Get && segments.Length > 1 && IsSubscriptions(segments[^2]));

    private static bool IsSubscriptions(string segment) => segment.Equals("subscriptions", StringComparison.OrdinalIgnoreCase);

    private static void AppendQuery(StringBuilder written, string part)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in part.EnumerateRunes())
        {
            if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || PlainInQuery.Contains((char)rune.Value, StringComparison.Ordinal)))
            {
                written.Append((char)rune.Value);
                continue;
            }

            foreach (var b in bytes[..rune.EncodeToUtf8(bytes)]) written.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }
    }
}
