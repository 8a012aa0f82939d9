using System.Formats.Cbor;
using OcfCloud.Core.Directory;

namespace OcfCloud.DeviceGateway.Directory;

/// <summary>Writes links as members of answers.</summary>
internal static class LinkWriter
{
    /// <summary>A writer that takes parameters as devices encoded them.</summary>
    public static CborWriter Create() => new(CborConformanceMode.Lax);

    /// <summary>A link as discovery shows it: under its device, reached by this cloud (device-to-cloud.md, 7).</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="published">The link.</param>
    /// <param name="endpoint">The endpoint that the asker is connected to.</param>
    public static void WriteDiscovered(CborWriter writer, PublishedLink published, string endpoint)
    {
        var link = published.Link;
        writer.WriteStartMap(6 + link.Parameters.Count);
        writer.WriteTextString("anchor");
        writer.WriteTextString($"ocf://{published.DeviceId}");
        writer.WriteTextString("href");
        writer.WriteTextString($"/{published.DeviceId}{link.Href.Value}");
        WriteMembers(writer, link);
        writer.WriteTextString("eps");
        writer.WriteStartArray(1);
        writer.WriteStartMap(1);
        writer.WriteTextString("ep");
        writer.WriteTextString(endpoint);
        writer.WriteEndMap();
        writer.WriteEndArray();
        writer.WriteEndMap();
    }

    /// <summary>A link as its device hears that it is published, with its number (device-to-cloud.md, 6).</summary>
    public static void WritePublished(CborWriter writer, PublishedLink published)
    {
        writer.WriteStartMap(5 + published.Link.Parameters.Count);
        WriteHref(writer, published);
        WriteMembers(writer, published.Link);
        WriteIns(writer, published);
        writer.WriteEndMap();
    }

    /// <summary>The same for a device that does not take so much.</summary>
    public static void WriteNumbered(CborWriter writer, PublishedLink published)
    {
        writer.WriteStartMap(2);
        WriteHref(writer, published);
        WriteIns(writer, published);
        writer.WriteEndMap();
    }

    /// <summary>A member with texts.</summary>
    public static void WriteTexts(CborWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteTextString(name);
        writer.WriteStartArray(values.Count);
        foreach (var value in values) writer.WriteTextString(value);
        writer.WriteEndArray();
    }

    private static void WriteHref(CborWriter writer, PublishedLink published)
    {
        writer.WriteTextString("href");
        writer.WriteTextString(published.Link.Href.Value);
    }

    private static void WriteIns(CborWriter writer, PublishedLink published)
    {
        writer.WriteTextString("ins");
        writer.WriteInt32(published.Ins);
    }

    private static void WriteMembers(CborWriter writer, ResourceLink link)
    {
        // Field: clients take an array of texts that comes after "if" for the interfaces.
        foreach (var parameter in link.Parameters)
        {
            writer.WriteTextString(parameter.Name);
            writer.WriteEncodedValue(parameter.Value.Span);
        }
        WriteTexts(writer, "rt", link.Rt);
        WriteTexts(writer, "if", link.If);
        writer.WriteTextString("p");
        writer.WriteStartMap(1);
        writer.WriteTextString("bm");
        writer.WriteInt32(link.Bm);
        writer.WriteEndMap();
    }
}
