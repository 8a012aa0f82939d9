using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Globalization;
using System.Text.Json;

namespace OcfCloud.Core.Payloads;

/// <summary>Writes JSON as CBOR.</summary>
internal static class JsonToCbor
{
    public static byte[]? Convert(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = CborValidation.DefaultMaxDepth });
            var writer = new CborWriter(CborConformanceMode.Lax, convertIndefiniteLengthEncodings: true);
            var names = new Stack<HashSet<string>>();
            while (reader.Read())
            {
                if (!TryWrite(ref reader, writer, names)) return null;
            }
            return writer.Encode();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or an escaped half of a surrogate pair.
            return null;
        }
    }

    private static bool TryWrite(ref Utf8JsonReader reader, CborWriter writer, Stack<HashSet<string>> names)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                names.Push(new HashSet<string>(StringComparer.Ordinal));
                writer.WriteStartMap(null);
                return true;
            case JsonTokenType.EndObject:
                names.Pop();
                writer.WriteEndMap();
                return true;
            case JsonTokenType.StartArray:
                writer.WriteStartArray(null);
                return true;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                return true;
            case JsonTokenType.PropertyName:
                var name = reader.GetString()!;
                writer.WriteTextString(name);
                return names.Peek().Add(name) && names.Peek().Count <= CborCursor.MaxMapMembers;
            case JsonTokenType.String:
                writer.WriteTextString(reader.GetString()!);
                return true;
            case JsonTokenType.Number:
                return TryWriteNumber(reader.ValueSpan, writer);
            case JsonTokenType.True or JsonTokenType.False:
                writer.WriteBoolean(reader.TokenType == JsonTokenType.True);
                return true;
            default:
                writer.WriteNull();
                return true;
        }
    }

    private static bool TryWriteNumber(ReadOnlySpan<byte> text, CborWriter writer)
    {
        if (text.ContainsAny((byte)'.', (byte)'e', (byte)'E') || text.SequenceEqual("-0"u8))
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value)) return false;
            // Always 64 bits: small devices read no other width.
            Span<byte> encoded = stackalloc byte[9];
            encoded[0] = 0xfb;
            BinaryPrimitives.WriteDoubleBigEndian(encoded[1..], value);
            writer.WriteEncodedValue(encoded);
            return true;
        }
        // -2⁶⁴, the longest that CBOR has, has 21 characters.
        if (text.Length > 21 || !Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)) return false;
        if (integer >= 0)
        {
            if (integer > ulong.MaxValue) return false;
            writer.WriteUInt64((ulong)integer);
            return true;
        }
        if (-1 - integer > ulong.MaxValue) return false;
        writer.WriteCborNegativeIntegerRepresentation((ulong)(-1 - integer));
        return true;
    }
}
