using System.Buffers;

namespace OcfCloud.Host.Tests.Endpoints.Proxies;

/// <summary>A byte on its own, as a peer sends it that sends one at a time.</summary>
internal sealed class ByteSegment : ReadOnlySequenceSegment<byte>
{
    /// <summary>A sequence whose every byte lies elsewhere.</summary>
    public static ReadOnlySequence<byte> SequenceOf(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) return ReadOnlySequence<byte>.Empty;
        var first = new ByteSegment { Memory = bytes[..1] };
        var last = first;
        for (var i = 1; i < bytes.Length; i++)
        {
            var next = new ByteSegment { Memory = bytes.Slice(i, 1), RunningIndex = i };
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, 1);
    }
}
