using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OcfCloud.Core.Devices;

namespace OcfCloud.CloudApi.Devices;

/// <summary>The resource that a request's target names, out of the bytes that the caller sent: a server's own reading of a path has lost what was encoded in it.</summary>
/// <param name="Device">The device.</param>
/// <param name="EncodedHref">The path on the device as it stands in the target, with its slash.</param>
/// <param name="Href">The same with each segment percent-decoded (RFC 7252, 6.4); null where a segment holds a slash then, which no device's path can.</param>
/// <param name="Query">The parts of the query, percent-decoded.</param>
internal sealed record ResourceTarget(DeviceId Device, string EncodedHref, string? Href, IReadOnlyList<string> Query)
{
    /// <summary>Whether the path has two readings: what the device published is taken as it stands, anything else is a URI's.</summary>
    public bool IsEncoded => EncodedHref != Href;

    /// <summary>Reads the target of a request to <see cref="DevicesApi.ResourcePattern"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="device">What routing took for the device.</param>
    /// <param name="target">The target.</param>
    /// <param name="refusal">Why there is none (400).</param>
    public static bool TryRead(HttpRequest request, DeviceId device, [NotNullWhen(true)] out ResourceTarget? target, [NotNullWhen(false)] out string? refusal)
    {
        target = null;
        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var question = raw.IndexOf('?', StringComparison.Ordinal);
        var path = RawPath.PathOf(raw);

        // Dots that a server takes out of a path would make one that routing never saw.
        var start = DevicesApi.Path.Length + 1;
        var end = start + device.ToString().Length;
        if (path.Length <= end + 1 || !path.StartsWith(DevicesApi.Path + "/", StringComparison.OrdinalIgnoreCase)
            || !DeviceId.TryParse(path.AsSpan(start, end - start), out var named) || named != device || path[end] != '/')
        {
            refusal = "The path is not written as a device's link is.";
            return false;
        }

        var encoded = path[end..];
        if (!TryDecodeAll(encoded[1..].Split('/'), out var segments))
        {
            refusal = "The path has a part that is not percent-encoded UTF-8.";
            return false;
        }

        // RFC 7252, 6.4: a query that is empty has no parts.
        var query = question < 0 || question == raw.Length - 1 ? [] : raw[(question + 1)..].Split('&');
        if (!TryDecodeAll(query, out var parts))
        {
            refusal = "The query has a part that is not percent-encoded UTF-8.";
            return false;
        }

        var href = segments.Any(segment => segment.Contains('/', StringComparison.Ordinal)) ? null : "/" + string.Join('/', segments);
        target = new ResourceTarget(device, encoded, href, parts);
        refusal = null;
        return true;
    }

    private static bool TryDecodeAll(string[] encoded, out IReadOnlyList<string> decoded)
    {
        var all = new List<string>(encoded.Length);
        decoded = all;
        foreach (var part in encoded)
        {
            if (!PercentEncoding.TryDecode(part, out var text)) return false;
            all.Add(text);
        }

        return true;
    }
}
