using System.Buffers;
using OcfCloud.Host.Endpoints.Proxies;

namespace OcfCloud.Fuzzing.Targets.Clouds;

/// <summary>The header that a balancer sends before anything else. The first byte says where the bytes are cut in two.</summary>
internal sealed class ProxyTarget : FuzzTarget
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    public override string Name => "proxy";

    public override int MaxLength => 4200;

    public override long AllocationPerByte => 16;

    public override IEnumerable<byte[]> Seeds =>
    [
        [5, .. Signature, 0x21, 0x11, 0, 12, 192, 0, 2, 1, 198, 51, 100, 1, 0x1f, 0x90, 0x16, 0x34, 0x16, 3, 1],
        [20, .. Signature, 0x21, 0x21, 0, 36, .. new byte[10], 0xff, 0xff, 192, 0, 2, 1, .. new byte[15], 1, 0, 1, 0, 2],
        [1, .. Signature, 0x20, 0, 0, 0],
        [1, .. Signature, 0x21, 0x31, 0, 216, .. new byte[216]],
        [1, .. "PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n"u8],
    ];

    public override IEnumerable<byte[]> Words => [Signature, [.. Signature, 0x21, 0x11, 0, 12], [.. Signature, 0x21, 0x21], [0x0f, 0xf0], [0x0f, 0xf1], [0xff, 0xff]];

    public override void Run(ReadOnlyMemory<byte> input)
    {
        if (input.Length < 2) return;
        var bytes = input[1..];
        var whole = new ReadOnlySequence<byte>(bytes);
        var reading = ProxyHeader.Read(whole, out var header, out var end);
        var length = whole.Slice(0, end).Length;
        Invariant.Holds(length <= ProxyHeader.MaxLength && (length > 0) == (reading == ProxyHeaderReading.Complete), "a header ends within its bounds");
        Invariant.Holds(header.Source is null == header.Destination is null, "there are both addresses, or none");
        var cut = input.Span[0] % (bytes.Length + 1);
        var parts = Part.Of(bytes[..cut], bytes[cut..]);
        Invariant.Holds(ProxyHeader.Read(parts, out var again, out var endAgain) == reading && again == header && parts.Slice(0, endAgain).Length == length, "how it is cut changes nothing");

        // Less of the same is the same, or waits for more.
        var before = ProxyHeader.Read(new ReadOnlySequence<byte>(bytes[..cut]), out _, out _);
        Invariant.Holds(before == reading || before == ProxyHeaderReading.Incomplete, "more bytes do not take back what fewer said");
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Of(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
        {
            var end = new Part { Memory = second, RunningIndex = first.Length };
            return new ReadOnlySequence<byte>(new Part { Memory = first, Next = end }, 0, end, second.Length);
        }
    }
}
