using System.Diagnostics.CodeAnalysis;
using System.Formats.Cbor;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OcfCloud.Simulator.Payloads;

/// <summary>OCF representations between CBOR (<c>application/vnd.ocf+cbor</c>) and the JSON tree that the simulator works with.</summary>
internal static class RepresentationCodec
{
    /// <summary>Maps and arrays nested deeper than this are refused.</summary>
    public const int MaxDepth = 16;

    /// <summary>Encodes a tree; numbers without a fraction become CBOR integers.</summary>
    public static byte[] Encode(JsonNode? node)
    {
        var writer = new CborWriter(CborConformanceMode.Strict);
        Write(writer, node);
        return writer.Encode();
    }

    /// <summary>Decodes one complete CBOR item.</summary>
    /// <returns>False for anything that is not exactly one well-formed item with text keys that are unique, at most <see cref="MaxDepth"/> deep.</returns>
    public static bool TryDecode(ReadOnlyMemory<byte> payload, out JsonNode? node)
    {
        node = null;
        try
        {
            var reader = new CborReader(payload, CborConformanceMode.Strict);
            node = Read(reader, depth: 0);
            return reader.BytesRemaining == 0;
        }
        catch (Exception e) when (e is CborContentException or InvalidOperationException or OverflowException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Decodes a map, the form of every single representation.</summary>
    public static bool TryDecodeMap(ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out JsonObject? map)
    {
        map = TryDecode(payload, out var node) ? node as JsonObject : null;
        return map is not null;
    }

    private static void Write(CborWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case null:
                writer.WriteNull();
                break;
            case JsonObject map:
                writer.WriteStartMap(map.Count);
                foreach (var (key, value) in map)
                {
                    writer.WriteTextString(key);
                    Write(writer, value);
                }

                writer.WriteEndMap();
                break;
            case JsonArray array:
                writer.WriteStartArray(array.Count);
                foreach (var item in array)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                WriteScalar(writer, node.AsValue());
                break;
        }
    }

    private static void WriteScalar(CborWriter writer, JsonValue value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.True or JsonValueKind.False:
                writer.WriteBoolean(value.GetValue<bool>());
                break;
            case JsonValueKind.String:
                writer.WriteTextString(value.GetValue<string>());
                break;
            case JsonValueKind.Number when TryGetInteger(value, out var integer):
                writer.WriteInt64(integer);
                break;
            case JsonValueKind.Number:
                writer.WriteDouble(value.TryGetValue(out double number) ? number : Convert.ToDouble(value.GetValue<object>()));
                break;
            default:
                writer.WriteNull();
                break;
        }
    }

    /// <summary>Whether a value is a number without a fraction, and which.</summary>
    public static bool TryGetInteger(JsonNode? node, out long integer)
    {
        integer = 0;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number)
            return false;
        if (value.TryGetValue(out integer))
            return true;
        if (!value.TryGetValue(out int small))
            return false;
        integer = small;
        return true;
    }

    private static JsonNode? Read(CborReader reader, int depth)
    {
        if (depth > MaxDepth)
            throw new CborContentException("Nested too deeply.");
        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
                var map = new JsonObject();
                reader.ReadStartMap();
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    var key = reader.ReadTextString();
                    map[key] = Read(reader, depth + 1);
                }

                reader.ReadEndMap();
                return map;
            case CborReaderState.StartArray:
                var array = new JsonArray();
                reader.ReadStartArray();
                while (reader.PeekState() != CborReaderState.EndArray)
                    array.Add(Read(reader, depth + 1));
                reader.ReadEndArray();
                return array;
            default:
                return ReadScalar(reader);
        }
    }

    private static JsonValue? ReadScalar(CborReader reader)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString:
                return JsonValue.Create(reader.ReadTextString());
            case CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger:
                return JsonValue.Create(reader.ReadInt64());
            case CborReaderState.HalfPrecisionFloat or CborReaderState.SinglePrecisionFloat or CborReaderState.DoublePrecisionFloat:
                return JsonValue.Create(reader.ReadDouble());
            case CborReaderState.Boolean:
                return JsonValue.Create(reader.ReadBoolean());
            case CborReaderState.ByteString or CborReaderState.StartIndefiniteLengthByteString:
                return JsonValue.Create(Convert.ToBase64String(reader.ReadByteString()));
            case CborReaderState.Null:
                reader.ReadNull();
                return null;
            default:
                throw new CborContentException($"{reader.PeekState()} has no place in a representation.");
        }
    }
}
