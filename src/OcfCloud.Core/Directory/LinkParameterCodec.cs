using System.Formats.Cbor;

namespace OcfCloud.Core.Directory;

/// <summary>Other parameters of a link as one CBOR map, which is how they are stored.</summary>
internal static class LinkParameterCodec
{
    // Field: clients take a later array of maps for eps (device-to-cloud.md, 7). A tag may stand before a map.
    internal static bool IsArrayWithMap(ReadOnlyMemory<byte> value)
    {
        try
        {
            var reader = new CborReader(value, CborConformanceMode.Lax);
            if (reader.PeekState() != CborReaderState.StartArray) return false;
            reader.ReadStartArray();
            while (reader.PeekState() != CborReaderState.EndArray)
            {
                if (reader.PeekState() is CborReaderState.StartMap or CborReaderState.Tag) return true;
                reader.SkipValue();
            }
            return false;
        }
        catch (CborContentException)
        {
            // No item that could be given back.
            return true;
        }
    }

    internal static byte[]? Encode(IReadOnlyList<LinkParameter> parameters)
    {
        if (parameters.Count == 0) return null;
        var writer = new CborWriter(CborConformanceMode.Lax);
        writer.WriteStartMap(parameters.Count);
        foreach (var parameter in parameters)
        {
            writer.WriteTextString(parameter.Name);
            writer.WriteEncodedValue(parameter.Value.Span);
        }
        writer.WriteEndMap();
        return writer.Encode();
    }

    internal static IReadOnlyList<LinkParameter> Decode(byte[]? encoded)
    {
        if (encoded is null) return [];
        var reader = new CborReader(encoded, CborConformanceMode.Lax);
        var count = reader.ReadStartMap() ?? 0;
        var parameters = new LinkParameter[count];
        for (var i = 0; i < count; i++) parameters[i] = new LinkParameter(reader.ReadTextString(), reader.ReadEncodedValue());
        return parameters;
    }
}
