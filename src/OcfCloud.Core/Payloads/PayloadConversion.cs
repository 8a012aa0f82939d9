using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Core.Payloads;

/// <summary>CBOR and JSON into each other, only where nothing is lost (device-to-cloud.md, 2): no byte strings, tags, keys that are no text, NaN or infinity,
/// no simple values but false, true and null, no integers beyond 64 bits, no key twice, bounded depth. For readers over HTTPS there is the lossy way beside it.</summary>
public static class PayloadConversion
{
    /// <summary>Converts one CBOR item to JSON. A float stays recognisable as one: 1.0 is written "1.0".</summary>
    /// <param name="cbor">The payload.</param>
    /// <param name="json">UTF-8.</param>
    /// <returns>False where it is no CBOR, or would lose something.</returns>
    public static bool TryToJson(ReadOnlySpan<byte> cbor, [NotNullWhen(true)] out byte[]? json)
    {
        json = null;
        if (!CborValidation.IsWellFormed(cbor)) return false;
        var buffer = new ArrayBufferWriter<byte>(cbor.Length + 64);
        if (!CborToJson.TryWrite(cbor, buffer)) return false;
        json = buffer.WrittenSpan.ToArray();
        return true;
    }

    /// <summary>Converts one JSON value to CBOR of definite lengths; a number with a fraction or an exponent becomes a 64-bit float.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="cbor">The payload.</param>
    /// <returns>False where it is no JSON, or would lose something.</returns>
    public static bool TryToCbor(ReadOnlySpan<byte> json, [NotNullWhen(true)] out byte[]? cbor)
    {
        cbor = JsonToCbor.Convert(json);
        return cbor is not null;
    }

    /// <summary>Converts one CBOR item to JSON by the advice of RFC 8949, 6.1: byte strings become base64url text (or what tag 21 to 23 asks for), other tags are
    /// left out, NaN, infinity and unknown simple values become null, keys that are no text become one (a key that is there already stays and the later is dropped).</summary>
    /// <param name="cbor">The payload.</param>
    /// <param name="json">UTF-8.</param>
    /// <returns>False where it is no CBOR.</returns>
    public static bool TryToJsonWithLoss(ReadOnlySpan<byte> cbor, [NotNullWhen(true)] out byte[]? json)
    {
        json = null;
        if (!CborValidation.IsWellFormed(cbor)) return false;
        var buffer = new ArrayBufferWriter<byte>(cbor.Length + 64);
        LossyCborToJson.Write(cbor, buffer);
        json = buffer.WrittenSpan.ToArray();
        return true;
    }
}
