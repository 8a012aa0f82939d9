using System.Text.Json;

namespace OcfCloud.Core.Directory;

/// <summary>Links as an event carries them: a JSON array of <c>{href, rt, if, p: {bm}}</c>. Subscribers are told of links that the store has no more.</summary>
internal static class LinkEventPayload
{
    public static byte[] Encode(IEnumerable<LinkRow> links)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (var link in links)
            {
                json.WriteStartObject();
                json.WriteString("href", link.Href);
                WriteTexts(json, "rt", link.Rt);
                WriteTexts(json, "if", link.If);
                json.WriteStartObject("p");
                json.WriteNumber("bm", link.Bm);
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return bytes.ToArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, string[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
