using OcfCloud.Core.Payloads;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;

namespace OcfCloud.CloudApi.Representations;

/// <summary>Writes links as other clouds read them: <c>href</c> below the device's id, <c>rt</c>, <c>if</c>, <c>p.bm</c>, and what else the device published.</summary>
internal static class LinkWriter
{
    /// <summary>Writes one link.</summary>
    public static void Write(PayloadWriter writer, DeviceId device, ResourceLink link)
    {
        writer.StartMap(4 + link.Parameters.Count);
        writer.Name("href");
        writer.Text(DeviceHrefs.Add(device, link.Href.Value));
        writer.Name("rt");
        writer.Texts(link.Rt);
        writer.Name("if");
        writer.Texts(link.If);
        writer.Name("p");
        writer.StartMap(1);
        writer.Name("bm");
        writer.Integer(link.Bm);
        writer.EndMap();
        foreach (var parameter in link.Parameters)
        {
            writer.Name(parameter.Name);
            writer.Encoded(parameter.Value);
        }

        writer.EndMap();
    }

    /// <summary>Writes an array of links.</summary>
    public static void WriteAll(PayloadWriter writer, DeviceId device, IReadOnlyCollection<ResourceLink> links)
    {
        writer.StartArray(links.Count);
        foreach (var link in links) Write(writer, device, link);
        writer.EndArray();
    }

    /// <summary>Links as a body.</summary>
    public static byte[] ToBody(DeviceId device, IReadOnlyCollection<ResourceLink> links, BodyFormat format)
    {
        using var writer = new PayloadWriter(format);
        WriteAll(writer, device, links);
        return writer.ToArray();
    }
}
