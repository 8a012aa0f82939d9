using OcfCloud.Coap;

namespace OcfCloud.Fuzzing.Targets.Coap;

/// <summary>
/// Requests of one connection that are put together from blocks, and answers that are cut into them. The first two bytes say what the peer announced; each request is
/// a code, two bytes of length, and what follows its token.
/// </summary>
internal sealed class BlockTarget : FuzzTarget
{
    private const int MaxBody = 3000;
    private const int MaxTransfers = 4;
    private const int MaxRequests = 32;

    private static readonly int[] MessageSizes = [160, 300, 1152, 1400, 2600, 262_144];

    public override string Name => "blocks";

    public override int MaxLength => 1024;

    // Answers of up to 2,500 bytes in blocks of 16, each asked for by a message of its own, for each of up to 32 requests.
    public override long FixedAllocation => 16 * 1024 * 1024;

    public override IEnumerable<byte[]> Seeds
    {
        get
        {
            var body = new byte[16];
            yield return
            [
                1, 2,
                .. Request(CoapMessage.Request(CoapCode.Post, "/a").WithOption(CoapOptionNumber.Block1, new BlockOption(0, true, 0).Value), body),
                .. Request(CoapMessage.Request(CoapCode.Post, "/a").WithOption(CoapOptionNumber.Block1, new BlockOption(1, true, 0).Value), body),
                .. Request(CoapMessage.Request(CoapCode.Post, "/a").WithOption(CoapOptionNumber.Block1, new BlockOption(2, false, 0).Value), [1, 2]),
            ];
            yield return
            [
                1, 3,
                .. Request(CoapMessage.Request(CoapCode.Get, "/large"), []),
                .. Request(CoapMessage.Request(CoapCode.Get, "/large").WithOption(CoapOptionNumber.Block2, new BlockOption(1, false, 6).Value), []),
                .. Request(CoapMessage.Request(CoapCode.Get, "/large").WithOption(CoapOptionNumber.Block2, new BlockOption(1, false, 7).Value), []),
            ];
            yield return [1, 1, .. Request(CoapMessage.Request(CoapCode.Put, "/b").WithOption(CoapOptionNumber.Block1, 6).WithOption(CoapOptionNumber.Size1, 5000), [1])];
            yield return [0, 0, .. Request(CoapMessage.Request(CoapCode.Fetch, "/c").WithOption(CoapOptionNumber.Observe, 0).WithOption(CoapOptionNumber.Block2, 0x12), [1])];
        }
    }

    public override IEnumerable<byte[]> Words =>
    [
        [0xd1, 14, 8], [0xd1, 14, 0], [0xd1, 14, 0x18], [0xd1, 14, 0x0f], [0xd1, 14, 0x1f], [0xd2, 14, 1, 0x0e], [0xd1, 10, 0], [0xd1, 10, 0x16], [0xd1, 10, 0x17],
        [0xd3, 10, 0xff, 0xff, 0xf7], [0xd2, 22, 0x13, 0x88], [0x60], [0xff], [0xb1, (byte)'a'], [0xb5, .. "large"u8], [1, 0, 6], [2, 0, 20],
    ];

    public override void Run(ReadOnlyMemory<byte> input)
    {
        if (input.Length < 2) return;
        var peer = new CoapPeer { BlockWise = (input.Span[0] & 1) != 0 };
        var most = MessageSizes[input.Span[1] % MessageSizes.Length];
        if ((input.Span[0] & 2) == 0) peer.Announce((uint)most);
        var transfers = new BlockwiseTransfers(peer, MaxBody, TimeSpan.FromMinutes(1), StillTime.Instance, MaxTransfers);
        var rest = input.Span[2..];
        for (var i = 0; i < MaxRequests && rest.Length >= 3; i++)
        {
            var length = Math.Min((rest[1] << 8) | rest[2], rest.Length - 3);
            if (CoapFrameReader.Read(Frames.Of(rest[0], rest.Slice(3, length)), int.MaxValue, out var frame, out _) == CoapFrameStatus.Complete && frame.Code.IsRequest)
                Answer(transfers, CoapMessage.From(frame), most, input.Span[0]);
            rest = rest[(3 + length)..];
        }

        transfers.Clear();
    }

    private static void Answer(BlockwiseTransfers transfers, CoapMessage request, int most, byte manner)
    {
        var mostBody = (manner & 4) == 0 ? int.MaxValue : 1000;
        var isWhole = transfers.TryTake(request, out var whole, out var answer, mostBody);
        Invariant.Holds(isWhole == (whole is not null) && (whole is null) != (answer is null), "a request is whole, or answered at once");
        if (answer is not null)
        {
            Invariant.Holds(answer.Token == request.Token, "an answer has the request's token");
            return;
        }

        Invariant.Holds(!whole!.IsBlockwise || ReferenceEquals(whole, request), "a whole request has no blocks");
        Invariant.Holds(ReferenceEquals(whole, request) || whole.Payload.Length <= Math.Max(MaxBody, request.Payload.Length), "a body is within the limit");

        // As long as the request's path makes it: every length, and again the same.
        var body = new byte[(request.Path.Length * 397) % 2500];
        for (var i = 0; i < body.Length; i++) body[i] = (byte)(i * 7);
        var made = CoapMessage.Response(CoapCode.Content).WithPayload(body, CoapContentFormat.OcfCbor);
        made.Token = request.Token;
        if ((manner & 8) != 0) made.WithOption(CoapOptionNumber.Observe, 5);
        var first = transfers.Fit(request, made, most);
        if (!first.Code.IsSuccess) return;
        Invariant.Holds(first.SizeWith(request.Token.Length) <= most, "an answer is no larger than the peer takes");
        if (first.Block2 is { More: true } block && block.Number == 0) Collect(transfers, request, first, block, body);
    }

    // Asks for the later blocks as a peer does: together they are the body.
    private static void Collect(BlockwiseTransfers transfers, CoapMessage request, CoapMessage first, BlockOption block, byte[] body)
    {
        var collected = new List<byte>(first.Payload.ToArray());
        while (block.More)
        {
            var later = request.CopyWhere(static number => !BlockwiseKey.IsBlock(number));
            later.Token = request.Token;
            var next = new BlockOption((uint)(collected.Count / block.Size), false, block.Exponent);
            later.Options.Add(CoapOptionNumber.Block2, next.Value);
            transfers.TryTake(later, out var whole, out var answer);
            Invariant.Holds(whole is null && answer?.Block2 is { } && answer.Code.IsSuccess, "a block that was announced is there");
            block = answer.Block2!.Value;
            Invariant.Holds(block.Offset == collected.Count && answer.Payload.Length > 0, "blocks come in order");
            collected.AddRange(answer.Payload.Span);
        }

        Invariant.Holds(collected.Count == body.Length && collected.SequenceEqual(body), "the blocks are the body");
    }

    private static byte[] Request(CoapMessage request, byte[] payload)
    {
        request.Payload = payload;
        var body = Frames.BodyOf(request);
        return [request.Code.Value, (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }
}
