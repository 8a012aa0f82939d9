using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Twins;

namespace OcfCloud.CloudApi.Notifications;

/// <summary>The bodies of notifications, in the words of the Devices API.</summary>
internal sealed class NotificationBodies : INotificationBodies
{
    public NotificationBody Devices(IReadOnlyCollection<DeviceId> devices, NotificationEncoding encoding)
    {
        var format = FormatOf(encoding);
        using var writer = new PayloadWriter(format);
        writer.StartArray(devices.Count);
        foreach (var device in devices)
        {
            writer.StartMap(1);
            writer.Name("di");
            writer.Text(device.ToString());
            writer.EndMap();
        }

        writer.EndArray();
        return new NotificationBody(format.Name(), writer.ToArray());
    }

    public NotificationBody Links(DeviceId device, IReadOnlyCollection<ResourceLink> links, NotificationEncoding encoding)
    {
        var format = FormatOf(encoding);
        return new NotificationBody(format.Name(), LinkWriter.ToBody(device, links, format));
    }

    public NotificationBody Representation(TwinRepresentation representation, NotificationEncoding encoding)
    {
        var format = FormatOf(encoding);
        if (Representations.Representation.TryToBody(representation.DeviceId, representation.Representation, representation.ContentFormat, format, out var body))
        {
            return new NotificationBody(format.Name(), body);
        }

        // Better as it came than never: later events of this subscription wait for it.
        return new NotificationBody(MediaTypeOf(representation.ContentFormat), representation.Representation);
    }

    private static BodyFormat FormatOf(NotificationEncoding encoding) => encoding == NotificationEncoding.Cbor ? BodyFormat.OcfCbor : BodyFormat.Json;

    // RFC 7252, 12.3 and IANA's registry of CoAP content formats.
    private static string MediaTypeOf(int contentFormat) => contentFormat switch
    {
        Representations.Representation.JsonFormat => MediaTypes.Json,
        Representations.Representation.CborFormat => "application/cbor",
        Representations.Representation.OcfCborFormat => MediaTypes.OcfCbor,
        0 => "text/plain;charset=utf-8",
        _ => "application/octet-stream",
    };
}
