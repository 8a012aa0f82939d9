using CsCheck;
using OcfCloud.Coap.Tests.Support;

namespace OcfCloud.Coap.Tests.Blockwise;

public class SlicesTests
{
    [Fact]
    public void Any_body_cut_into_blocks_of_any_sizes_is_put_together_again() =>
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[150, 9000], Gen.Int[0, 7].Array[1, 5]).Sample((size, takes, exponents) =>
        {
            var body = Generators.Bytes(size);
            var assembler = new BlockwiseAssembler(size);
            // The size of blocks may only go down within a transfer, BERT first.
            var sizes = new Queue<int>(exponents.OrderDescending());
            var exponent = sizes.Dequeue();
            while (true)
            {
                if (!BlockwiseSlicer.TrySlice(body, assembler.Next(exponent), takes, out var block, out var slice))
                    return false;
                switch (assembler.Add(block, slice.Span))
                {
                    case BlockwiseStep.Complete:
                        return assembler.Body.Span.SequenceEqual(body);
                    case BlockwiseStep.Continue:
                        break;
                    default:
                        return false;
                }

                exponent = sizes.TryDequeue(out var next) ? next : exponent;
            }
        });

    [Theory]
    [InlineData(null, 6)]
    [InlineData(1152, 6)]
    [InlineData(1151, 5)]
    [InlineData(2175, 6)]
    [InlineData(2176, 7)]
    [InlineData(384, 4)]
    [InlineData(383, 3)]
    [InlineData(1, 0)]
    public void Blocks_are_as_large_as_the_peer_takes(int? takes, int exponent) => Assert.Equal(exponent, BlockwiseSlicer.ExponentFor(takes));

    [Fact]
    public void A_value_over_three_bytes_is_no_block()
    {
        Assert.Null(BlockOption.From(0x100_0000));
        Assert.Equal(new BlockOption(BlockOption.MaxNumber, true, 7), BlockOption.From(0xff_ffff));
    }
}
