using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OcfCloud.Core.Payloads;

/// <summary>Changes the hrefs of links and batch items inside JSON; numbers stay as they were written.</summary>
internal static class JsonHrefs
{
    // As deep as CBOR may be, so that one can become the other.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = CborValidation.DefaultMaxDepth, AllowDuplicateProperties = false };

    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = CborValidation.DefaultMaxDepth + 1 };

    public static bool TryRewrite(ReadOnlyMemory<byte> payload, Func<string, string> change, [NotNullWhen(true)] out byte[]? rewritten)
    {
        rewritten = null;
        try
        {
            using var document = JsonDocument.Parse(payload, Strict);
            using var buffer = new MemoryStream(payload.Length + 64);
            using (var json = new Utf8JsonWriter(buffer, Written)) Write(document.RootElement, json, change);
            rewritten = buffer.ToArray();
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or an escaped half of a surrogate pair.
            return false;
        }
    }

    private static void Write(JsonElement element, Utf8JsonWriter json, Func<string, string> change)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var isLink = element.TryGetProperty("rt", out _) || element.TryGetProperty("rep", out _);
                json.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    json.WritePropertyName(member.Name);
                    if (isLink && member.Value.ValueKind == JsonValueKind.String && member.NameEquals("href")) json.WriteStringValue(change(member.Value.GetString()!));
                    else Write(member.Value, json, change);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in element.EnumerateArray()) Write(item, json, change);
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(element.GetString());
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }
}
