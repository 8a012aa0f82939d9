using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Subscriptions;

/// <summary>Writes bodies for the dispatcher. What a device says cannot stop it, and with it the events of all users: a representation that cannot be written goes
/// out as it came, links without what they carry along.</summary>
internal sealed partial class NotificationWriter(ILogger<NotificationWriter> logger, INotificationBodies? bodies = null) : INotificationBodies
{
    private INotificationBodies Bodies =>
        bodies ?? throw new InvalidOperationException("There are subscriptions, but nothing in this process writes their notifications (INotificationBodies).");

    // Ids alone: nothing here is a device's.
    public NotificationBody Devices(IReadOnlyCollection<DeviceId> devices, NotificationEncoding encoding) => Bodies.Devices(devices, encoding);

    public NotificationBody Links(DeviceId device, IReadOnlyCollection<ResourceLink> links, NotificationEncoding encoding)
    {
        var writer = Bodies;
        try
        {
            return writer.Links(device, links, encoding);
        }
        catch (Exception e) when (links.Any(l => l.Parameters.Count > 0))
        {
            LogNotWritten(e, device);
            return writer.Links(device, [.. links.Select(l => new ResourceLink(l.Href, l.Rt, l.If, l.Bm, []))], encoding);
        }
    }

    public NotificationBody Representation(TwinRepresentation representation, NotificationEncoding encoding)
    {
        var writer = Bodies;
        try
        {
            return writer.Representation(representation, encoding);
        }
        catch (Exception e)
        {
            LogNotWritten(e, representation.DeviceId);
            return new NotificationBody("application/octet-stream", representation.Representation);
        }
    }
}
