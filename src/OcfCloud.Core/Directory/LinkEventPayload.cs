using System.Text.Json;

namespace OcfCloud.Core.Directory;

/// <summary>Links as an event carries them: a JSON array of <c>{href, rt, if, p: {bm}, x}</c>, <c>x</c> being all other parameters as one CBOR map in base64, left
/// out where there are none. Subscribers are told of links that the store has no more.</summary>
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
                if (link.Parameters is { } parameters) json.WriteBase64String("x", parameters);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return bytes.ToArray();
    }

    public static IReadOnlyList<ResourceLink> Decode(byte[] payload)
    {
        using var json = JsonDocument.Parse(payload);
        return [.. json.RootElement.EnumerateArray().Select(Read)];
    }

    private static ResourceLink Read(JsonElement link) => new(
        ResourceHref.TryParse(link.GetProperty("href").GetString(), out var href) ? href : default,
        ReadTexts(link.GetProperty("rt")),
        ReadTexts(link.GetProperty("if")),
        link.GetProperty("p").GetProperty("bm").GetInt32(),
        LinkParameterCodec.Decode(link.TryGetProperty("x", out var parameters) ? parameters.GetBytesFromBase64() : null));

    private static string[] ReadTexts(JsonElement values) => [.. values.EnumerateArray().Select(value => value.GetString()!)];

    private static void WriteTexts(Utf8JsonWriter json, string name, string[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
