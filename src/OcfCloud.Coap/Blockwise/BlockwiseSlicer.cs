namespace OcfCloud.Coap;

/// <summary>Cuts blocks out of a body: a response by Block2, a request by Block1 (RFC 7959; BERT: RFC 8323, 6).</summary>
public static class BlockwiseSlicer
{
    private const int BertBlock = 1024;

    // What a peer takes that announced nothing (RFC 8323, 5.3.1).
    internal const int UnannouncedSize = 1152;

    // Head, token and the options that mostly stand beside a block.
    internal const int MessageOverhead = 128;

    /// <summary>The exponent to cut a body with for a peer that takes messages of this size.</summary>
    /// <param name="maxMessageSize">What the peer takes, in bytes; null: not announced, which is 1152 (RFC 8323, 5.3.1).</param>
    /// <param name="overhead">Room for head, token and options, in bytes.</param>
    public static int ExponentFor(int? maxMessageSize, int overhead = MessageOverhead)
    {
        var room = (maxMessageSize ?? UnannouncedSize) - overhead;
        if (room >= 2 * BertBlock)
            return BlockOption.Bert;
        var exponent = 6;
        while (exponent > 0 && room < 1 << (exponent + 4))
            exponent--;
        return exponent;
    }

    /// <summary>The block that was asked for; false: it lies behind the body's end.</summary>
    /// <param name="body">The whole body.</param>
    /// <param name="asked">Number and exponent.</param>
    /// <param name="maxMessageSize">What the peer takes, in bytes: how many blocks a BERT message holds.</param>
    /// <param name="block">The option to send.</param>
    /// <param name="slice">The payload to send.</param>
    /// <param name="overhead">Room for head, token and options, in bytes.</param>
    public static bool TrySlice(
        ReadOnlyMemory<byte> body,
        BlockOption asked,
        int? maxMessageSize,
        out BlockOption block,
        out ReadOnlyMemory<byte> slice,
        int overhead = MessageOverhead)
    {
        block = default;
        slice = default;
        if (asked.Offset >= body.Length && asked.Number > 0)
            return false;
        var size = asked.Size;
        if (asked.Exponent == BlockOption.Bert)
            size = Math.Max(1, ((maxMessageSize ?? UnannouncedSize) - overhead) / BertBlock) * BertBlock;
        var offset = (int)asked.Offset;
        var length = Math.Min(size, body.Length - offset);
        slice = body.Slice(offset, length);
        block = asked with { More = offset + length < body.Length };
        return true;
    }
}
