using System.Text.Encodings.Web;
using System.Text.Json;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Payloads;
using OcfCloud.Core.Twins;

namespace OcfCloud.Console.Devices;

/// <summary>A resource as a page shows it.</summary>
/// <param name="Href">Its path on the device.</param>
/// <param name="Types">Its resource types.</param>
/// <param name="Values">Its properties in words; null where the twin knows none.</param>
/// <param name="ChangedAt">Since when.</param>
/// <param name="Fields">Its members that a form can change; none where it cannot be written.</param>
public sealed record ResourceView(
    string Href, IReadOnlyList<string> Types, IReadOnlyList<KeyValuePair<string, string>>? Values, DateTimeOffset? ChangedAt, IReadOnlyList<ResourceField> Fields)
{
    private const int JsonFormat = 50;

    // ISO/IEC 30118-1, 7.3.2: properties that every resource may have, and that say what it is.
    private static readonly string[] Common = ["rt", "if", "n", "id"];

    // ISO/IEC 30118-1, 7.5.3: the interfaces by which a value is written.
    private static readonly string[] Writing = ["oic.if.a", "oic.if.rw"];

    // What is written here is encoded again as HTML.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The interface by which a resource's value is written; null where it is not.</summary>
    internal static string? WritingInterfaceOf(ResourceLink link) => link.If.FirstOrDefault(name => Writing.Contains(name, StringComparer.Ordinal));

    internal static ResourceView Of(ResourceLink link, TwinRepresentation? twin)
    {
        var (values, fields) = twin is null ? (null, []) : Read(twin);
        return new ResourceView(link.Href.ToString(), link.Rt, values, twin?.ChangedAt, WritingInterfaceOf(link) is null ? [] : fields);
    }

    private static (List<KeyValuePair<string, string>>? Values, List<ResourceField> Fields) Read(TwinRepresentation twin)
    {
        var json = twin.Representation.ToArray();
        if (twin.ContentFormat != JsonFormat)
        {
            if (!PayloadConversion.TryToJson(twin.Representation.Span, out var converted)) return (null, []);
            json = converted;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return ([KeyValuePair.Create("value", InWords(document.RootElement))], []);
            var members = document.RootElement.EnumerateObject().ToList();
            return (
                [.. members.Where(member => member.Name is not ("rt" or "if")).Select(member => KeyValuePair.Create(member.Name, InWords(member.Value)))],
                [.. members.Where(member => !Common.Contains(member.Name, StringComparer.Ordinal)).Select(FieldOf).OfType<ResourceField>()]);
        }
        catch (JsonException)
        {
            return (null, []);
        }
    }

    private static ResourceField? FieldOf(JsonProperty member)
    {
        return member.Value.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => Field(ResourceFieldKind.Switch, member.Value.GetRawText()),
            JsonValueKind.Number when member.Value.GetRawText() is var number =>
                Field(number.AsSpan().ContainsAny('.', 'e', 'E') ? ResourceFieldKind.Float : ResourceFieldKind.Number, number),
            JsonValueKind.String when member.Value.GetString()! is { Length: <= ResourceField.MaxTextLength } text && !text.Any(char.IsControl) => Field(ResourceFieldKind.Text, text),
            _ => null,
        };

        ResourceField Field(ResourceFieldKind kind, string value) => new(member.Name, kind, value, value);
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
