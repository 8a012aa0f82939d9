using System.Formats.Cbor;

namespace OcfCloud.EndToEnd.Wire;

/// <summary>CBOR to and from plain values: maps are dictionaries, arrays lists.</summary>
internal static class Cbor
{
    public static byte[] Map(params (string Key, object? Value)[] members) => Encode(members.ToDictionary(m => m.Key, m => m.Value));

    public static byte[] Encode(object? value)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        Write(writer, value);
        return writer.Encode();
    }

    public static Dictionary<string, object?> DecodeMap(byte[] bytes) => (Dictionary<string, object?>)Decode(bytes)!;

    public static List<object?> DecodeList(byte[] bytes) => (List<object?>)Decode(bytes)!;

    public static object? Decode(byte[] bytes)
    {
        var reader = new CborReader(bytes, CborConformanceMode.Lax);
        var value = Read(reader);
        return reader.BytesRemaining == 0 ? value : throw new CborContentException("Bytes after the value.");
    }

    private static void Write(CborWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNull(); break;
            case string text: writer.WriteTextString(text); break;
            case bool flag: writer.WriteBoolean(flag); break;
            case int number: writer.WriteInt32(number); break;
            case long number: writer.WriteInt64(number); break;
            case double number: writer.WriteDouble(number); break;
            case byte[] bytes: writer.WriteByteString(bytes); break;
            case IReadOnlyDictionary<string, object?> map:
                writer.WriteStartMap(map.Count);
                foreach (var (key, member) in map)
                {
                    writer.WriteTextString(key);
                    Write(writer, member);
                }

                writer.WriteEndMap();
                break;
            case System.Collections.IEnumerable items:
                writer.WriteStartArray(null);
                foreach (var item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default: throw new ArgumentException($"no CBOR for {value.GetType()}", nameof(value));
        }
    }

    private static object? Read(CborReader reader)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
                var map = new Dictionary<string, object?>(StringComparer.Ordinal);
                reader.ReadStartMap();
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    map.Add(reader.ReadTextString(), Read(reader));
                }

                reader.ReadEndMap();
                return map;
            case CborReaderState.StartArray:
                var list = new List<object?>();
                reader.ReadStartArray();
                while (reader.PeekState() != CborReaderState.EndArray)
                {
                    list.Add(Read(reader));
                }

                reader.ReadEndArray();
                return list;
            case CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString: return reader.ReadTextString();
            case CborReaderState.ByteString or CborReaderState.StartIndefiniteLengthByteString: return reader.ReadByteString();
            case CborReaderState.UnsignedInteger or CborReaderState.NegativeInteger: return reader.ReadInt64();
            case CborReaderState.Boolean: return reader.ReadBoolean();
            case CborReaderState.Null: reader.ReadNull(); return null;
            default: return reader.ReadDouble();
        }
    }
}
