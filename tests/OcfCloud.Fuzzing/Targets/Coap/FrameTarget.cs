using OcfCloud.Coap;

namespace OcfCloud.Fuzzing.Targets.Coap;

/// <summary>A stream of frames as it comes from a peer, in reads of any size. The first byte says how it is cut, and the largest message taken.</summary>
internal sealed class FrameTarget : FuzzTarget
{
    private static readonly int[] Limits = [64, 1152, 4096, 262_144];

    public override string Name => "frames";

    public override int MaxLength => 1024;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            var csm = new CoapMessage(CoapCode.Csm) { Token = CoapToken.FromUInt64(7) };
            csm.Options.Add(2, 262_144u);
            csm.Options.Add(4, ReadOnlyMemory<byte>.Empty);
            var get = CoapMessage.Request(CoapCode.Get, "/oic/res?rt=oic.r.light");
            get.Token = CoapToken.FromUInt64(8);
            var answer = CoapMessage.Response(CoapCode.Content).WithPayload(new byte[300], CoapContentFormat.OcfCbor);
            yield return [0x13, .. csm.ToBytes(), .. get.ToBytes()];
            yield return [0x53, .. answer.ToBytes(), .. new CoapMessage(CoapCode.Ping).ToBytes()];
            yield return [0xff, .. CoapMessage.Response(CoapCode.Content).WithPayload(new byte[13], 60).ToBytes(), 0, 0];
            yield return [0x03, 0xf0, 0, 0, 0, 0, 1];
        }
    }

    public override void Run(ReadOnlyMemory<byte> input)
    {
        if (input.IsEmpty) return;
        var cut = input.Span[0];
        var stream = input.Span[1..];
        var limit = Limits[cut & 3];
        var (frames, status) = ReadWhole(stream, limit);
        Invariant.Holds((frames, status) == ReadInPieces(stream, limit, 1 + (cut >> 2)), "how a stream is cut changes nothing");
    }

    // One walk over all of it, with all that holds of each frame.
    private static ((int Count, int Consumed) Frames, CoapFrameStatus Status) ReadWhole(ReadOnlySpan<byte> stream, int limit)
    {
        var (count, consumed) = (0, 0);
        while (true)
        {
            var rest = stream[consumed..];
            var status = CoapFrameReader.Read(rest, limit, out var frame, out var length);
            switch (status)
            {
                case CoapFrameStatus.Complete:
                    Invariant.Holds(length > 0 && length <= rest.Length && length <= limit && frame.Length == length, "a frame is within what came and within the limit");
                    LookAt(frame, rest[..length], limit);
                    count++;
                    consumed += length;
                    break;
                case CoapFrameStatus.Incomplete:
                    Invariant.Holds(length > rest.Length && length <= limit, "what is needed is more than there is and not over the limit");
                    return ((count, consumed), status);
                default:
                    Invariant.Holds(length == 0 || status == CoapFrameStatus.TooLarge, "what is no frame has no length");
                    return ((count, consumed), status);
            }
        }
    }

    private static void LookAt(in CoapFrame frame, ReadOnlySpan<byte> bytes, int limit)
    {
        var last = 0;
        var count = 0;
        var options = frame.ReadOptions();
        while (options.MoveNext())
        {
            Invariant.Holds(options.Current.Number >= last && options.Current.Number <= ushort.MaxValue, "options rise");
            last = options.Current.Number;
            count++;
        }

        Invariant.Holds(!options.IsMalformed && count == frame.OptionCount, "the options of a frame were walked before");

        // There is one way to write a frame: every length has one form (RFC 8323, 3.2; RFC 7252, 3.1).
        var message = CoapMessage.From(frame);
        Invariant.Holds(message.Size == bytes.Length && message.ToBytes().AsSpan().SequenceEqual(bytes), "a message is written as it was read");
        Invariant.Holds(Frames.AreSame(frame, Frames.Written(bytes)), "a frame is read in the same way again");

        // Any beginning of it waits for more, and not for more than it is.
        var part = bytes[..(bytes.Length / 2)];
        var status = CoapFrameReader.Read(part, limit, out _, out var needed);
        Invariant.Holds(status == CoapFrameStatus.Incomplete && needed > part.Length && needed <= bytes.Length, "the beginning of a frame waits for its end");
    }

    // As a connection does it, in a buffer that grows.
    private static ((int Count, int Consumed) Frames, CoapFrameStatus Status) ReadInPieces(ReadOnlySpan<byte> stream, int limit, int piece)
    {
        var buffer = new CoapReceiveBuffer();
        var (count, consumed) = (0, 0);
        try
        {
            while (true)
            {
                var filled = buffer.Filled;
                var (handled, needed) = (0, 0);
                while (handled < filled.Length)
                {
                    var status = CoapFrameReader.Read(filled[handled..], limit, out _, out var length);
                    if (status is CoapFrameStatus.Malformed or CoapFrameStatus.TooLarge) return ((count, consumed + handled), status);
                    needed = length;
                    if (status == CoapFrameStatus.Incomplete) break;
                    count++;
                    handled += length;
                }

                consumed += handled;
                buffer.Consume(handled, needed);
                if (stream.IsEmpty) return ((count, consumed), CoapFrameStatus.Incomplete);
                var free = buffer.Free();
                Invariant.Holds(free.Length > 0, "there is room to read into");
                var read = Math.Min(Math.Min(piece, free.Length), stream.Length);
                stream[..read].CopyTo(free.Span);
                stream = stream[read..];
                buffer.Received(read);
            }
        }
        finally
        {
            buffer.Release();
        }
    }
}
