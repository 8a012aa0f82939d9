using OcfCloud.Core.Events;

namespace OcfCloud.Core.Subscriptions;

/// <summary>The names of the event types on the wire (cloud-to-cloud.md, 1.4).</summary>
public static class EventTypes
{
    private static readonly (EventKind Kind, string Name, SubscriptionLevel? Level)[] All =
    [
        (EventKind.DeviceRegistered, "devices_registered", SubscriptionLevel.Devices),
        (EventKind.DeviceUnregistered, "devices_unregistered", SubscriptionLevel.Devices),
        (EventKind.DeviceOnline, "devices_online", SubscriptionLevel.Devices),
        (EventKind.DeviceOffline, "devices_offline", SubscriptionLevel.Devices),
        (EventKind.ResourcesPublished, "resources_published", SubscriptionLevel.Device),
        (EventKind.ResourcesUnpublished, "resources_unpublished", SubscriptionLevel.Device),
        (EventKind.ResourceContentChanged, "resource_contentchanged", SubscriptionLevel.Resource),

        // Sent to all; nobody asks for it.
        (EventKind.SubscriptionCancelled, "subscription_cancelled", null),
    ];

    /// <summary>The name of a kind that is sent.</summary>
    public static string NameOf(EventKind kind) => Array.Find(All, type => type.Kind == kind).Name ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such event is sent.");

    /// <summary>The kind of a name that can be asked for at a level; null where there is none.</summary>
    public static EventKind? KindOf(string name, SubscriptionLevel level) =>
        Array.Find(All, type => type.Name == name && type.Level == level) is { Name: not null } type ? type.Kind : null;

    /// <summary>The names that can be asked for at a level.</summary>
    public static IEnumerable<string> At(SubscriptionLevel level) => All.Where(type => type.Level == level).Select(type => type.Name);
}
