using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Core.Payloads;

/// <summary>CBOR and JSON into each other, only where nothing is lost (device-to-cloud.md, 2): no byte strings, tags, keys that are no text, NaN or infinity,
/// no simple values but false, true and null, no key twice, bounded depth.</summary>
public static class PayloadConversion
{
    /// <summary>Converts one CBOR item to JSON.</summary>
    /// <param name="cbor">The payload.</param>
    /// <param name="json">UTF-8.</param>
    /// <returns>False where it is no CBOR, or would lose something.</returns>
    public static bool TryToJson(ReadOnlySpan<byte> cbor, [NotNullWhen(true)] out byte[]? json) => throw new NotSupportedException();

    /// <summary>Converts one JSON value to CBOR of definite length.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="cbor">The payload.</param>
    /// <returns>False where it is no JSON, or would lose something.</returns>
    public static bool TryToCbor(ReadOnlySpan<byte> json, [NotNullWhen(true)] out byte[]? cbor) => throw new NotSupportedException();
}
