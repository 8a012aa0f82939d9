using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OcfCloud.Core.Payloads;

namespace OcfCloud.Console.Devices;

/// <summary>What a user typed into the form of a resource: what of it is to change, or which fields cannot be sent.</summary>
/// <param name="Fields">The fields as typed.</param>
/// <param name="Payload">The members that are to change, in CBOR; empty where none is. What stays is not sent: the device might not let it be written at all.</param>
internal sealed record ResourceForm(IReadOnlyList<ResourceField> Fields, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Whether a field cannot be sent.</summary>
    public bool IsRefused => Fields.Any(typed => typed.Refusal is not null);

    /// <summary>Reads the form; of what kind a member is, the device's present value says, not the form.</summary>
    public static ResourceForm Read(IFormCollection form, IReadOnlyList<ResourceField> known)
    {
        List<ResourceField> fields = [];
        Dictionary<string, string> changes = new(StringComparer.Ordinal);
        foreach (var field in known)
        {
            // A switch that is off is not in a form; what was there tells that it was asked about.
            var (was, isSwitch) = (form[field.WasName].ToString(), field.Kind == ResourceFieldKind.Switch);
            if (!form.ContainsKey(isSwitch ? field.WasName : field.WantedName))
            {
                fields.Add(field);
                continue;
            }

            var typed = isSwitch ? (form.ContainsKey(field.WantedName) ? "true" : "false") : form[field.WantedName].ToString();
            var (json, refusal) = typed == was ? (null, null) : Judge(field.Kind, isSwitch || field.Kind == ResourceFieldKind.Text ? typed : typed.Trim());
            fields.Add(field with { Value = typed, Was = was, Refusal = refusal });
            if (json is not null) changes[field.Name] = json;
        }

        return new ResourceForm(fields, changes.Count == 0 ? default : Encode(changes));
    }

    private static (string? Json, string? Refusal) Judge(ResourceFieldKind kind, string typed) => kind switch
    {
        ResourceFieldKind.Switch => (typed, null),
        ResourceFieldKind.Text => typed.Length > ResourceField.MaxTextLength || typed.Any(char.IsControl)
            ? (null, $"A text has one line of at most {ResourceField.MaxTextLength} characters.")
            : (JsonSerializer.Serialize(typed), null),
        ResourceFieldKind.Number when Whole(typed) is { } whole => (whole, null),
        _ when double.TryParse(typed, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) => (Written(number), null),
        _ => (null, "This is no number, as 7 or -0.5 is one."),
    };

    private static string? Whole(string typed) => long.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number.ToString(CultureInfo.InvariantCulture)
        : ulong.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var large) ? large.ToString(CultureInfo.InvariantCulture) : null;

    // As PayloadConversion tells one from a whole number.
    private static string Written(double number) =>
        number.ToString("R", CultureInfo.InvariantCulture) is var text && text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";

    private static byte[] Encode(Dictionary<string, string> changes)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, json) in changes)
            {
                writer.WritePropertyName(name);
                writer.WriteRawValue(json);
            }

            writer.WriteEndObject();
        }

        return PayloadConversion.TryToCbor(buffer.ToArray(), out var cbor) ? cbor : throw new InvalidOperationException("What was written here is no JSON.");
    }
}
