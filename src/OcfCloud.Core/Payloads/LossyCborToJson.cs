using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace OcfCloud.Core.Payloads;

/// <summary>Writes checked CBOR as the JSON that comes nearest to it (RFC 8949, 6.1).</summary>
internal static class LossyCborToJson
{
    private const ulong PositiveBignum = 2, NegativeBignum = 3, ExpectBase64Url = 21, ExpectBase64 = 22, ExpectBase16 = 23;

    public static void Write(ReadOnlySpan<byte> cbor, IBufferWriter<byte> buffer)
    {
        using var json = new Utf8JsonWriter(buffer, CborToJson.Options);
        var cursor = new CborCursor(cbor);
        WriteItem(ref cursor, json, ExpectBase64Url);
    }

    // The hint is the tag that says how byte strings below it are to be written (RFC 8949, 3.4.5.2).
    private static void WriteItem(ref CborCursor cursor, Utf8JsonWriter json, ulong hint)
    {
        cursor.TryReadHead(out var head);
        switch (head.Major)
        {
            case CborHead.Unsigned or CborHead.Negative:
                CborToJson.WriteInteger(head, json);
                break;
            case CborHead.Bytes:
                json.WriteStringValue(TextOf(cursor.ReadBytes(head), hint));
                break;
            case CborHead.Text:
                json.WriteStringValue(cursor.ReadText(head));
                break;
            case CborHead.Array:
                json.WriteStartArray();
                for (ulong i = 0; head.IsIndefinite ? !cursor.TryReadBreak() : i < head.Argument; i++) WriteItem(ref cursor, json, hint);
                json.WriteEndArray();
                break;
            case CborHead.Map:
                WriteMap(ref cursor, head, json, hint);
                break;
            case CborHead.Tag:
                WriteTagged(ref cursor, head.Argument, json, hint);
                break;
            default:
                WriteSimple(head, json);
                break;
        }
    }

    private static void WriteMap(ref CborCursor cursor, CborHead head, Utf8JsonWriter json, ulong hint)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        json.WriteStartObject();
        for (ulong i = 0; head.IsIndefinite ? !cursor.TryReadBreak() : i < head.Argument; i++)
        {
            var name = NameOf(ref cursor, hint);
            if (names.Add(name))
            {
                json.WritePropertyName(name);
                WriteItem(ref cursor, json, hint);
            }
            else
            {
                cursor.Skip();
            }
        }
        json.WriteEndObject();
    }

    private static string NameOf(ref CborCursor cursor, ulong hint)
    {
        var key = cursor.Skip();
        var content = new CborCursor(key);
        content.TryReadHead(out var head);
        switch (head.Major)
        {
            case CborHead.Text:
                return content.ReadText(head);
            case CborHead.Bytes:
                return TextOf(content.ReadBytes(head), hint);
            case CborHead.Array or CborHead.Map or CborHead.Tag:
                // What nobody uses as a key. Not its JSON: with keys within keys each level would escape the one below, and double it.
                return Base64Url.EncodeToString(key);
            default:
                // A number or a simple value: its JSON is its name.
                var written = new ArrayBufferWriter<byte>();
                Write(key, written);
                return Encoding.UTF8.GetString(written.WrittenSpan);
        }
    }

    private static void WriteTagged(ref CborCursor cursor, ulong tag, Utf8JsonWriter json, ulong hint)
    {
        if (tag is PositiveBignum or NegativeBignum && cursor.PeekHead() is { Major: CborHead.Bytes })
        {
            cursor.TryReadHead(out var head);
            var text = Base64Url.EncodeToString(cursor.ReadBytes(head));
            json.WriteStringValue(tag == NegativeBignum ? "~" + text : text);
            return;
        }

        WriteItem(ref cursor, json, tag is ExpectBase64Url or ExpectBase64 or ExpectBase16 ? tag : hint);
    }

    private static void WriteSimple(CborHead head, Utf8JsonWriter json)
    {
        double? number = head.Info switch
        {
            25 => (double)BitConverter.UInt16BitsToHalf((ushort)head.Argument),
            26 => BitConverter.UInt32BitsToSingle((uint)head.Argument),
            27 => BitConverter.UInt64BitsToDouble(head.Argument),
            _ => null,
        };
        if (number is { } finite && double.IsFinite(finite)) CborToJson.WriteFinite(finite, json);
        else if (head.Info is 20 or 21) json.WriteBooleanValue(head.Info == 21);
        else json.WriteNullValue();
    }

    private static string TextOf(ReadOnlySpan<byte> bytes, ulong hint) => hint switch
    {
        ExpectBase64 => Convert.ToBase64String(bytes),
        ExpectBase16 => Convert.ToHexString(bytes),
        _ => Base64Url.EncodeToString(bytes),
    };
}
