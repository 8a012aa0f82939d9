using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OcfCloud.Core.Payloads;

/// <summary>Writes checked CBOR as JSON.</summary>
internal static class CborToJson
{
    public static readonly JsonWriterOptions Options = new()
    {
        // Not for HTML: UTF-8 stays as it is.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = CborValidation.DefaultMaxDepth + 1,
    };

    public static bool TryWrite(ReadOnlySpan<byte> cbor, IBufferWriter<byte> buffer)
    {
        using var json = new Utf8JsonWriter(buffer, Options);
        var cursor = new CborCursor(cbor);
        return TryWriteItem(ref cursor, json);
    }

    /// <summary>A float that stays recognisable as one.</summary>
    public static void WriteFinite(double value, Utf8JsonWriter json)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        json.WriteRawValue(text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0");
    }

    /// <summary>An integer of CBOR's range.</summary>
    public static void WriteInteger(CborHead head, Utf8JsonWriter json)
    {
        if (head.Major == CborHead.Unsigned) json.WriteNumberValue(head.Argument);
        else json.WriteRawValue(IntegerText(head));
    }

    /// <summary>The same as text.</summary>
    public static string IntegerText(CborHead head) =>
        head.Major == CborHead.Unsigned ? head.Argument.ToString(CultureInfo.InvariantCulture) : (-1 - (Int128)head.Argument).ToString(CultureInfo.InvariantCulture);

    private static bool TryWriteItem(ref CborCursor cursor, Utf8JsonWriter json)
    {
        cursor.TryReadHead(out var head);
        switch (head.Major)
        {
            case CborHead.Unsigned or CborHead.Negative:
                WriteInteger(head, json);
                return true;
            case CborHead.Text:
                json.WriteStringValue(cursor.ReadText(head));
                return true;
            case CborHead.Array:
                json.WriteStartArray();
                for (ulong i = 0; head.IsIndefinite ? !cursor.TryReadBreak() : i < head.Argument; i++)
                {
                    if (!TryWriteItem(ref cursor, json)) return false;
                }
                json.WriteEndArray();
                return true;
            case CborHead.Map:
                return TryWriteMap(ref cursor, head, json);
            case CborHead.Simple:
                return TryWriteSimple(head, json);
            default:
                // Byte strings and tags have no form in JSON.
                return false;
        }
    }

    private static bool TryWriteMap(ref CborCursor cursor, CborHead head, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        for (ulong i = 0; head.IsIndefinite ? !cursor.TryReadBreak() : i < head.Argument; i++)
        {
            cursor.TryReadHead(out var key);
            if (key.Major != CborHead.Text) return false;
            json.WritePropertyName(cursor.ReadText(key));
            if (!TryWriteItem(ref cursor, json)) return false;
        }
        json.WriteEndObject();
        return true;
    }

    private static bool TryWriteSimple(CborHead head, Utf8JsonWriter json)
    {
        switch (head.Info)
        {
            case 20 or 21:
                json.WriteBooleanValue(head.Info == 21);
                return true;
            case 22:
                json.WriteNullValue();
                return true;
            case 25:
                return TryWriteFloat((double)BitConverter.UInt16BitsToHalf((ushort)head.Argument), json);
            case 26:
                return TryWriteFloat(BitConverter.UInt32BitsToSingle((uint)head.Argument), json);
            case 27:
                return TryWriteFloat(BitConverter.UInt64BitsToDouble(head.Argument), json);
            default:
                return false;
        }
    }

    private static bool TryWriteFloat(double value, Utf8JsonWriter json)
    {
        if (!double.IsFinite(value)) return false;
        WriteFinite(value, json);
        return true;
    }
}
