using OcfCloud.Core.Payloads;
using OcfCloud.CloudApi.Representations;
using OcfCloud.Core.Devices;

namespace OcfCloud.CloudApi.Devices;

/// <summary>Writes devices as the official document shapes them: <c>Device</c> and <c>DeviceContentAll</c>.</summary>
internal static class DeviceWriter
{
    /// <summary>Writes one device.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="device">The device.</param>
    /// <param name="properties">Its properties.</param>
    /// <param name="content">Which of the two.</param>
    /// <param name="isReadable">Whether the caller may read a resource.</param>
    public static void Write(PayloadWriter writer, DeviceDetails device, DeviceProperties properties, DeviceContent content, Func<string, bool> isReadable)
    {
        writer.StartMap(3);
        writer.Name("device");
        WriteProperties(writer, device.DeviceId, properties);
        writer.Name("status");
        writer.Text(device.Online ? "online" : "offline");
        writer.Name("links");
        if (content == DeviceContent.Base) LinkWriter.WriteAll(writer, device.DeviceId, device.Links);
        else WriteRepresentations(writer, device, isReadable);
        writer.EndMap();
    }

    private static void WriteProperties(PayloadWriter writer, DeviceId device, DeviceProperties properties)
    {
        writer.StartMap(4);
        writer.Name("rt");
        writer.Texts(properties.Rt);
        writer.Name("di");
        writer.Text(device.ToString());
        writer.Name("dmn");
        writer.StartArray(properties.Dmn.Count);
        foreach (var (language, value) in properties.Dmn)
        {
            writer.StartMap(2);
            writer.Name("language");
            writer.Text(language);
            writer.Name("value");
            writer.Text(value);
            writer.EndMap();
        }

        writer.EndArray();
        writer.Name("n");
        writer.Text(properties.N);
        writer.EndMap();
    }

    // Written as CBOR: what is stored in another format, or is none, is left out.
    private static void WriteRepresentations(PayloadWriter writer, DeviceDetails device, Func<string, bool> isReadable)
    {
        var written = new List<(string Href, ReadOnlyMemory<byte> Rep)>(device.Representations.Count);
        foreach (var known in device.Representations)
        {
            if (isReadable(known.Href)
                && Representation.TryToBody(device.DeviceId, known.Representation, known.ContentFormat, BodyFormat.OcfCbor, out var rep) && !rep.IsEmpty)
            {
                written.Add((known.Href, rep));
            }
        }

        writer.StartArray(written.Count);
        foreach (var (href, rep) in written)
        {
            writer.StartMap(2);
            writer.Name("href");
            writer.Text(DeviceHrefs.Add(device.DeviceId, href));
            writer.Name("rep");
            writer.Encoded(rep);
            writer.EndMap();
        }

        writer.EndArray();
    }
}
