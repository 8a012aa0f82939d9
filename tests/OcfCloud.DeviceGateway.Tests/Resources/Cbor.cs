using System.Collections;
using System.Formats.Cbor;

namespace OcfCloud.DeviceGateway.Tests.Resources;

/// <summary>CBOR to and from plain values: maps are dictionaries in their order, arrays lists, integers longs.</summary>
internal static class Cbor
{
    public static byte[] Encode(object? value, bool indefinite = false)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        Write(writer, value, indefinite);
        return writer.Encode();
    }

    public static OrderedDictionary<string, object?> DecodeMap(ReadOnlyMemory<byte> bytes) => (OrderedDictionary<string, object?>)Decode(bytes)!;

    public static List<object?> DecodeList(ReadOnlyMemory<byte> bytes) => (List<object?>)Decode(bytes)!;

    public static object? Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new CborReader(bytes, CborConformanceMode.Strict);
        var value = Read(reader);
        Assert.Equal(0, reader.BytesRemaining);
        return value;
    }

    private static void Write(CborWriter writer, object? value, bool indefinite)
    {
        switch (value)
        {
            case null:
                writer.WriteNull();
                break;
            case string text:
                writer.WriteTextString(text);
                break;
            case bool flag:
                writer.WriteBoolean(flag);
                break;
            case int or long or uint:
                writer.WriteInt64(Convert.ToInt64(value));
                break;
            case double number:
                writer.WriteDouble(number);
                break;
            case byte[] bytes:
                writer.WriteByteString(bytes);
                break;
            case Encoded encoded:
                writer.WriteEncodedValue(encoded.Bytes);
                break;
            case IDictionary map:
                writer.WriteStartMap(indefinite ? null : map.Count);
                foreach (DictionaryEntry member in map)
                {
                    writer.WriteTextString((string)member.Key);
                    Write(writer, member.Value, indefinite);
                }
                writer.WriteEndMap();
                break;
            case IEnumerable items:
                var all = items.Cast<object?>().ToList();
                writer.WriteStartArray(indefinite ? null : all.Count);
                foreach (var item in all) Write(writer, item, indefinite);
                writer.WriteEndArray();
                break;
            default:
                throw new ArgumentException($"no CBOR for {value.GetType()}", nameof(value));
        }
    }

    private static object? Read(CborReader reader)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
                var map = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
                reader.ReadStartMap();
                while (reader.PeekState() != CborReaderState.EndMap) map.Add(reader.ReadTextString(), Read(reader));
                reader.ReadEndMap();
                return map;
            case CborReaderState.StartArray:
                var list = new List<object?>();
                reader.ReadStartArray();
                while (reader.PeekState() != CborReaderState.EndArray) list.Add(Read(reader));
                reader.ReadEndArray();
                return list;
            case CborReaderState.TextString:
                return reader.ReadTextString();
            case CborReaderState.ByteString:
                return reader.ReadByteString();
            case CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger:
                return reader.ReadInt64();
            case CborReaderState.Boolean:
                return reader.ReadBoolean();
            case CborReaderState.Null:
                reader.ReadNull();
                return null;
            default:
                return reader.ReadDouble();
        }
    }

    /// <summary>An item as it is.</summary>
    internal sealed record Encoded(byte[] Bytes);
}
