using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Subscriptions;

/// <summary>Writes the bodies of notifications. The dispatcher calls it once for each event and encoding, in its transaction: it must be quick and pure.
/// Implemented by the room that speaks the Events API.</summary>
public interface INotificationBodies
{
    /// <summary>devices_registered, devices_unregistered, devices_online, devices_offline: <c>[{"di": "…"}]</c>.</summary>
    NotificationBody Devices(IReadOnlyCollection<DeviceId> devices, NotificationEncoding encoding);

    /// <summary>resources_published, resources_unpublished: an array of links whose <c>href</c> begins with the device's id.</summary>
    NotificationBody Links(DeviceId device, IReadOnlyCollection<ResourceLink> links, NotificationEncoding encoding);

    /// <summary>resource_contentchanged: the representation itself, hrefs within it beginning with the device's id. A representation that cannot be written in the
    /// encoding asked for goes out as it came from the device.</summary>
    NotificationBody Representation(TwinRepresentation representation, NotificationEncoding encoding);
}
