using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Paths of the cloud services API (cloud-to-cloud.md, 1.3 and 1.4).</summary>
internal static class TargetPaths
{
    public const string Devices = TargetPath.Devices;

    public static string OfDevice(DeviceId device) => $"{Devices}/{device}";

    /// <summary>Where subscriptions of a level are made.</summary>
    public static string OfSubscriptions(SubscriptionLevel level, DeviceId? device, string? href) => level switch
    {
        SubscriptionLevel.Devices => $"{Devices}/subscriptions",
        SubscriptionLevel.Device => $"{OfDevice(device!.Value)}/subscriptions",
        _ => $"{OfDevice(device!.Value)}{Escaped(href!)}/subscriptions",
    };

    /// <summary>Where a subscription is; null where it cannot be named.</summary>
    /// <param name="level">Its level.</param>
    /// <param name="device">Its device, where it has one.</param>
    /// <param name="href">Its resource, where it has one.</param>
    /// <param name="id">The other cloud's text: as a segment of dots it would be another path.</param>
    public static string? OfSubscription(SubscriptionLevel level, DeviceId? device, string? href, string? id) =>
        string.IsNullOrEmpty(id) || id is "." or ".." ? null : $"{OfSubscriptions(level, device, href)}/{Uri.EscapeDataString(id)}";

    // "/" as an href would else be two slashes.
    private static string Escaped(string href) => href == "/" ? "" : string.Join('/', href.Split('/').Select(Uri.EscapeDataString));
}
