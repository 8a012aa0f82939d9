using System.Diagnostics.CodeAnalysis;

namespace OcfCloud.Core.Payloads;

/// <summary>A map of a payload that was checked as a whole: well-formed, no key twice. Unknown members are no error; keys that are no text are skipped.</summary>
public sealed class CborMap
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _members;

    internal CborMap(Dictionary<string, ReadOnlyMemory<byte>> members) => _members = members;

    /// <summary>Every member: its name and its encoded value.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Members => _members;

    /// <summary>Reads one map.</summary>
    /// <param name="payload">Exactly one CBOR item.</param>
    /// <param name="map">The map.</param>
    /// <returns>False where the payload is not well-formed or no map.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> payload, [NotNullWhen(true)] out CborMap? map) => throw new NotSupportedException();

    /// <summary>A text.</summary>
    public CborMember Text(string name, out string value) => throw new NotSupportedException();

    /// <summary>An integer that fits into 64 bits with sign.</summary>
    public CborMember Integer(string name, out long value) => throw new NotSupportedException();

    /// <summary>A truth value.</summary>
    public CborMember Boolean(string name, out bool value) => throw new NotSupportedException();

    /// <summary>A map.</summary>
    public CborMember Map(string name, [NotNullWhen(true)] out CborMap? value) => throw new NotSupportedException();

    /// <summary>An array of maps.</summary>
    public CborMember Maps(string name, out IReadOnlyList<CborMap> value) => throw new NotSupportedException();

    /// <summary>An array of texts.</summary>
    public CborMember Texts(string name, out IReadOnlyList<string> value) => throw new NotSupportedException();
}
