using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using OcfCloud.CloudLinking.Targets;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Payloads;

namespace OcfCloud.CloudLinking.Synchronisation;

/// <summary>Bodies that another cloud wrote. Nothing in them is trusted: what is not as it has to be is no answer.</summary>
internal static class ToldPayload
{
    // One that names a member twice says two things.
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Reads a body; one in CBOR as the JSON that says the same.</summary>
    /// <returns>Null where it is neither.</returns>
    public static JsonDocument? TryParse(string? contentType, ReadOnlyMemory<byte> body)
    {
        if (!RemoteFormats.TryRead(contentType, out var format)) return null;
        if (format != RemoteFormat.Json)
        {
            if (!PayloadConversion.TryToJsonWithLoss(body.Span, out var json)) return null;
            body = json;
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
    public static bool TryReduce(string? contentType, DeviceId device, ReadOnlyMemory<byte> body, out RemoteFormat format, out ReadOnlyMemory<byte> reduced)
    {
        reduced = default;
        return RemoteFormats.TryRead(contentType, out format) && !body.IsEmpty && RemotePayload.TryReduce(device, body, format, out reduced);
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
