using System.Text;
using OcfCloud.Core.Devices;

namespace OcfCloud.CloudLinking.RemoteRequests;

/// <summary>Where another cloud says that something was created.</summary>
internal static class RemoteLocation
{
    private const int MaxLength = 2048, MaxSegmentBytes = 255;

    /// <summary>The path on the device; null where it is none.</summary>
    /// <param name="device">The device.</param>
    /// <param name="location"><c>Location</c> as sent: a URL or a path, the device's id in it.</param>
    public static string? HrefOf(DeviceId device, string? location)
    {
        if (location is not { Length: > 0 and <= MaxLength }) return null;
        var end = location.AsSpan().IndexOfAny('?', '#');
        var segments = (end < 0 ? location : location[..end]).Split('/');
        var at = Array.FindIndex(segments, segment => DeviceId.TryParse(segment, out var id) && id == device);
        if (at < 0 || at == segments.Length - 1) return null;
        var rest = segments[(at + 1)..].Select(Uri.UnescapeDataString).ToList();
        return rest.TrueForAll(IsSegment) ? "/" + string.Join('/', rest) : null;
    }

    private static bool IsSegment(string segment) =>
        segment is not ("" or "." or "..") && !segment.Any(c => c == '/' || char.IsControl(c)) && Encoding.UTF8.GetByteCount(segment) <= MaxSegmentBytes;
}
