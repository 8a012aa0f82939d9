using System.Buffers;

namespace OcfCloud.Coap;

/// <summary>Puts a body together from blocks in order: an upload by Block1, a download by Block2 (RFC 7959, 2.3, 2.4; BERT: RFC 8323, 6).</summary>
/// <param name="maxSize">The largest body taken, in bytes.</param>
public sealed class BlockwiseAssembler(int maxSize)
{
    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>What came so far.</summary>
    public ReadOnlyMemory<byte> Body => _body.WrittenMemory;

    /// <summary>The next block to ask for, in the unit of the given exponent.</summary>
    public BlockOption Next(int exponent)
    {
        var block = new BlockOption(0, false, exponent);
        return block with { Number = (uint)(_body.WrittenCount / block.Size) };
    }

    /// <summary>Takes a block. Number 0 begins anew (RFC 7959, 2.5).</summary>
    public BlockwiseStep Add(BlockOption block, ReadOnlySpan<byte> payload)
    {
        if (block.Number == 0)
            _body.ResetWrittenCount();
        if (block.Offset != _body.WrittenCount)
            return BlockwiseStep.OutOfOrder;
        var whole = block.Exponent == BlockOption.Bert
            ? payload.Length > 0 && payload.Length % block.Size == 0
            : payload.Length == block.Size;
        if ((block.More && !whole) || (block.Exponent != BlockOption.Bert && payload.Length > block.Size))
            return BlockwiseStep.Malformed;
        if (_body.WrittenCount + (long)payload.Length > maxSize)
            return BlockwiseStep.TooLarge;
        _body.Write(payload);
        return block.More ? BlockwiseStep.Continue : BlockwiseStep.Complete;
    }
}
