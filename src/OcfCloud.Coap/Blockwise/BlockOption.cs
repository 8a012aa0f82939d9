namespace OcfCloud.Coap;

/// <summary>The value of a Block1 or Block2 option (RFC 7959, 2.2); size exponent 7 is BERT (RFC 8323, 6).</summary>
/// <param name="Number">Number of the block, 0 to 2²⁰ - 1, counted in <see cref="Size"/>.</param>
/// <param name="More">More blocks follow.</param>
/// <param name="Exponent">0 to 6: blocks of 16 to 1024 bytes; 7: several blocks of 1024 bytes in one message.</param>
public readonly record struct BlockOption(uint Number, bool More, int Exponent)
{
    /// <summary>The exponent of BERT.</summary>
    public const int Bert = 7;

    /// <summary>The greatest block number.</summary>
    public const uint MaxNumber = (1 << 20) - 1;

    /// <summary>Size of one block, in bytes; a BERT message holds one or more of them.</summary>
    public int Size => 1 << (Math.Min(Exponent, 6) + 4);

    /// <summary>Where the block's first byte stands in the body.</summary>
    public long Offset => (long)Number * Size;

    /// <summary>The option's value.</summary>
    public uint Value => (Number << 4) | (More ? 8u : 0) | (uint)Exponent;

    /// <summary>Reads a value; null for one over three bytes.</summary>
    public static BlockOption? From(uint value) => value > 0xff_ffff ? null : new BlockOption(value >> 4, (value & 8) != 0, (int)(value & 7));

    /// <summary>The first option of this number; null: none, or malformed.</summary>
    public static BlockOption? TryParse(CoapOptions options, CoapOptionNumber number) =>
        options.UInt32(number) is { } value ? From(value) : null;
}
