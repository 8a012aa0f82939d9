using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using OcfCloud.CloudApi.Devices;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Subscriptions;

/// <summary>A path of the Events API (cloud-to-cloud.md, 1.4): what is subscribed to, then <c>subscriptions</c>, then an id where there is one.</summary>
/// <remarks>A POST whose last segment, and a GET or DELETE whose last but one, is <c>subscriptions</c> is such a path and never a resource's.</remarks>
/// <param name="Device">The segment that names the device; null at the level of all devices.</param>
/// <param name="EncodedHref">The resource's path on the device as it stands in the target; null at the levels above.</param>
/// <param name="Href">The same with each segment percent-decoded; null where a segment holds a slash then, which no device's path can, or is malformed.</param>
/// <param name="Id">The segment of the subscription's id; null for a POST.</param>
internal sealed record SubscriptionPath(string? Device, string? EncodedHref, string? Href, string? Id)
{
    private const string Name = "subscriptions";

    /// <summary>Reads the path of a request.</summary>
    /// <returns>False where it is none of the Events API.</returns>
    public static bool TryRead(HttpRequest request, [NotNullWhen(true)] out SubscriptionPath? path)
    {
        path = null;
        var hasId = !HttpMethods.IsPost(request.Method);
        if (hasId && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsDelete(request.Method)) return false;
        if (!RawPath.TryReadSegments(request, DevicesApi.Path, out var segments)) return false;

        // Routing makes nothing of a slash at the end.
        if (segments is [.., _, ""]) segments = segments[..^1];
        var at = segments.Length - (hasId ? 2 : 1);
        if (at < 0 || Decoded(segments[at]) != Name) return false;
        var href = at > 1 ? segments[1..at] : null;
        path = new SubscriptionPath(
            at > 0 ? Decoded(segments[0]) ?? "" : null,
            href is null ? null : "/" + string.Join('/', href),
            href is null || Array.Exists(href, segment => Decoded(segment)?.Contains('/', StringComparison.Ordinal) != false) ? null : "/" + string.Join('/', href.Select(Decoded)),
            hasId ? segments[^1] : null);
        return true;
    }

    /// <summary>What the path may name: a resource that was published as it stands in the target goes before the one that it is when decoded, as in the Devices API.</summary>
    /// <param name="targets">One or two; none where nothing can be there.</param>
    /// <returns>False where the device's segment is no UUID.</returns>
    public bool TryGetTargets(out IReadOnlyList<SubscriptionTarget> targets)
    {
        targets = [default];
        if (Device is null) return true;
        targets = [];
        if (!DeviceId.TryParse(Device, out var device)) return false;
        targets = EncodedHref is null
            ? [new SubscriptionTarget(device, null)]
            : [.. new[] { EncodedHref, Href }.Where(href => ResourceHref.TryParse(href, out _)).Distinct(StringComparer.Ordinal).Select(href => new SubscriptionTarget(device, href))];
        return true;
    }

    private static string? Decoded(string segment) => PercentEncoding.TryDecode(segment, out var decoded) ? decoded : null;
}
