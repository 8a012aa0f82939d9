namespace OcfCloud.Core.Payloads;

/// <summary>The head of a CBOR item (RFC 8949, 3).</summary>
/// <param name="Major">Major type, 0 to 7.</param>
/// <param name="Info">Additional information, the low five bits.</param>
/// <param name="Argument">The argument; 0 for an indefinite length.</param>
internal readonly record struct CborHead(int Major, int Info, ulong Argument)
{
    public const int Unsigned = 0, Negative = 1, Bytes = 2, Text = 3, Array = 4, Map = 5, Tag = 6, Simple = 7;

    public const int Indefinite = 31;

    public bool IsIndefinite => Info == Indefinite;

    /// <summary>The "break" that ends an indefinite length.</summary>
    public bool IsBreak => Major == Simple && Info == Indefinite;
}
