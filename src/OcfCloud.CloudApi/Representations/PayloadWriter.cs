using System.Formats.Cbor;
using System.Text.Encodings.Web;
using System.Text.Json;
using OcfCloud.Core.Payloads;

namespace OcfCloud.CloudApi.Representations;

/// <summary>Writes one value in either format, so that its shape is said in one place. Not thread-safe; used again after <see cref="Reset"/>.</summary>
internal sealed class PayloadWriter : IDisposable
{
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly MemoryStream _buffer = new();
    private readonly Utf8JsonWriter? _json;
    private readonly CborWriter? _cbor;

    /// <summary>Makes a writer of this format.</summary>
    public PayloadWriter(BodyFormat format)
    {
        if (format == BodyFormat.Json) _json = new Utf8JsonWriter(_buffer, Written);
        else _cbor = new CborWriter(CborConformanceMode.Lax);
    }

    /// <summary>Begins an object.</summary>
    /// <param name="count">Its members, as many as are written then.</param>
    public void StartMap(int count)
    {
        _json?.WriteStartObject();
        _cbor?.WriteStartMap(count);
    }

    /// <summary>Ends an object.</summary>
    public void EndMap()
    {
        _json?.WriteEndObject();
        _cbor?.WriteEndMap();
    }

    /// <summary>Begins an array.</summary>
    /// <param name="count">Its items, as many as are written then.</param>
    public void StartArray(int count)
    {
        _json?.WriteStartArray();
        _cbor?.WriteStartArray(count);
    }

    /// <summary>Ends an array.</summary>
    public void EndArray()
    {
        _json?.WriteEndArray();
        _cbor?.WriteEndArray();
    }

    /// <summary>The name of the member that is written next.</summary>
    public void Name(string name)
    {
        _json?.WritePropertyName(name);
        _cbor?.WriteTextString(name);
    }

    /// <summary>A text; a half of a surrogate pair in it is replaced.</summary>
    public void Text(string text)
    {
        _json?.WriteStringValue(text);
        _cbor?.WriteTextString(text);
    }

    /// <summary>An integer.</summary>
    public void Integer(long value)
    {
        _json?.WriteNumberValue(value);
        _cbor?.WriteInt64(value);
    }

    /// <summary>Texts.</summary>
    public void Texts(IReadOnlyCollection<string> texts)
    {
        StartArray(texts.Count);
        foreach (var text in texts) Text(text);
        EndArray();
    }

    /// <summary>A value that is encoded already; null is written for one that is none.</summary>
    /// <param name="cbor">One item of CBOR.</param>
    public void Encoded(ReadOnlyMemory<byte> cbor)
    {
        if (_json is not null)
        {
            if (PayloadConversion.TryToJsonWithLoss(cbor.Span, out var json)) _json.WriteRawValue(json, skipInputValidation: true);
            else _json.WriteNullValue();
        }
        else if (CborValidation.IsWellFormed(cbor.Span))
        {
            _cbor!.WriteEncodedValue(cbor.Span);
        }
        else
        {
            _cbor!.WriteNull();
        }
    }

    /// <summary>What was written: one whole value.</summary>
    public byte[] ToArray()
    {
        if (_json is null) return _cbor!.Encode();
        _json.Flush();
        return _buffer.ToArray();
    }

    /// <summary>Forgets what was written.</summary>
    public void Reset()
    {
        _buffer.SetLength(0);
        _json?.Reset();
        _cbor?.Reset();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json?.Dispose();
        _buffer.Dispose();
    }
}
