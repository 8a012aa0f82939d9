using System.Text.Encodings.Web;
using System.Text.Json;
using OcfCloud.Core.Payloads;
using OcfCloud.Core.Twins;

namespace OcfCloud.Console.Devices;

/// <summary>A resource as a page shows it.</summary>
/// <param name="Href">Its path on the device.</param>
/// <param name="Types">Its resource types.</param>
/// <param name="Values">Its properties in words; null where the twin knows none.</param>
/// <param name="ChangedAt">Since when.</param>
public sealed record ResourceView(string Href, IReadOnlyList<string> Types, IReadOnlyList<KeyValuePair<string, string>>? Values, DateTimeOffset? ChangedAt)
{
    private const int JsonFormat = 50;

    // What is written here is encoded again as HTML.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static ResourceView Of(string href, IReadOnlyList<string> types, TwinRepresentation? twin) => new(href, types, twin is null ? null : Read(twin), twin?.ChangedAt);

    private static List<KeyValuePair<string, string>>? Read(TwinRepresentation twin)
    {
        var json = twin.Representation.ToArray();
        if (twin.ContentFormat != JsonFormat)
        {
            if (!PayloadConversion.TryToJson(twin.Representation.Span, out var converted)) return null;
            json = converted;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. document.RootElement.EnumerateObject().Where(property => property.Name is not ("rt" or "if")).Select(property => KeyValuePair.Create(property.Name, InWords(property.Value)))]
                : [KeyValuePair.Create("value", InWords(document.RootElement))];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string InWords(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null => "none",
        JsonValueKind.Array when value.EnumerateArray().All(item => item.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) =>
            string.Join(", ", value.EnumerateArray().Select(InWords)),
        _ => JsonSerializer.Serialize(value, Plain),
    };
}
