using OcfCloud.Core.Devices;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Paths of the cloud services API (cloud-to-cloud.md, 1.3 and 1.4).</summary>
internal static class TargetPaths
{
    public const string Devices = "/api/v1/devices";

    public static string OfDevice(DeviceId device) => $"{Devices}/{device}";

    /// <summary>Where subscriptions of a level are made.</summary>
    public static string OfSubscriptions(SubscriptionLevel level, DeviceId? device, string? href) => level switch
    {
        SubscriptionLevel.Devices => $"{Devices}/subscriptions",
        SubscriptionLevel.Device => $"{OfDevice(device!.Value)}/subscriptions",
        _ => $"{OfDevice(device!.Value)}{Escaped(href!)}/subscriptions",
    };

    // "/" as an href would else be two slashes.
    private static string Escaped(string href) => href == "/" ? "" : string.Join('/', href.Split('/').Select(Uri.EscapeDataString));
}
