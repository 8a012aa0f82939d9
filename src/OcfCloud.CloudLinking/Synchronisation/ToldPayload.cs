using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Payloads;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Bodies that another cloud wrote. Nothing in them is trusted: what is not as it has to be is no answer.</summary>
internal static class ToldPayload
{
    public const string Json = "application/json";

    private const string OcfCbor = "application/vnd.ocf+cbor";

    private const string Cbor = "application/cbor";

    // One that names a member twice says two things.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>The CoAP content format of a media type, parameters aside; null: none of those that OCF uses.</summary>
    public static int? FormatOf(string? contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type)) return null;
        var name = type.MediaType;
        return name.Equals(Json, StringComparison.OrdinalIgnoreCase) ? 50
            : name.Equals(OcfCbor, StringComparison.OrdinalIgnoreCase) ? 10000
            : name.Equals(Cbor, StringComparison.OrdinalIgnoreCase) ? 60
            : null;
    }

    /// <summary>Reads a body; one in CBOR as the JSON that says the same.</summary>
    /// <returns>Null where it is neither.</returns>
    public static JsonDocument? TryParse(string? contentType, ReadOnlyMemory<byte> body)
    {
        switch (FormatOf(contentType))
        {
            case null:
                return null;
            case not 50:
                if (!PayloadConversion.TryToJsonWithLoss(body.Span, out var json)) return null;
                body = json;
                break;
        }
        // The reader looks at the grammar only: what is no text would fail whoever reads it later.
        if (!Utf8.IsValid(body.Span)) return null;
        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter: a name that is half a surrogate pair.
            return null;
        }
    }

    /// <summary>Whether a representation is well formed, and the same with hrefs as they are on the device.</summary>
    public static bool TryReduce(string? contentType, DeviceId device, ReadOnlyMemory<byte> body, out int format, out ReadOnlyMemory<byte> reduced)
    {
        reduced = default;
        format = FormatOf(contentType) ?? -1;
        if (format < 0) return false;
        if (format != 50) return DeviceHrefs.TryRemoveFromCbor(device, body, out reduced);
        var isJson = DeviceHrefs.TryRemoveFromJson(device, body, out var json);
        reduced = json;
        return isJson;
    }

    /// <summary>A member that is a text that every store can keep.</summary>
    public static bool TryText(JsonElement json, string member, [NotNullWhen(true)] out string? text)
    {
        text = null;
        return json.ValueKind == JsonValueKind.Object && json.TryGetProperty(member, out var value) && TryText(value, out text);
    }

    /// <summary>A text without control characters.</summary>
    public static bool TryText(JsonElement value, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (value.ValueKind != JsonValueKind.String) return false;
        try
        {
            text = value.GetString();
        }
        catch (InvalidOperationException)
        {
            // An escape of half a surrogate pair: JSON by its grammar, but no text.
            return false;
        }
        if (text is not null && !text.Any(char.IsControl)) return true;
        text = null;
        return false;
    }

    /// <summary>A member that is an array: its texts of 1 to <paramref name="maxLength"/> characters, <paramref name="max"/> at most.</summary>
    public static List<string> Texts(JsonElement json, string member, int maxLength, int max)
    {
        var texts = new List<string>();
        if (!json.TryGetProperty(member, out var values) || values.ValueKind != JsonValueKind.Array) return texts;
        foreach (var value in values.EnumerateArray())
        {
            if (texts.Count == max) break;
            if (TryText(value, out var text) && text.Length > 0 && text.Length <= maxLength) texts.Add(text);
        }
        return texts;
    }

    /// <summary>A member that is a device id.</summary>
    public static bool TryDevice(JsonElement json, out DeviceId device)
    {
        device = default;
        return TryText(json, "di", out var text) && DeviceId.TryParse(text, out device);
    }
}
