using System.Security.Cryptography;

namespace OcfCloud.Coap;

/// <summary>
/// The answering side of blockwise transfers on one connection (RFC 7959; BERT: RFC 8323, 6): puts uploads together and hands out large answers in blocks.
/// Thread-safe.
/// <code>
/// request ─► TryTake ─► whole request ─► (who works on it) ─► whole answer ─► Fit ─► answer, or its first block; the rest is kept
///               └─► 2.31, a block that was kept, or a refusal
/// </code>
/// </summary>
/// <param name="peer">What the peer can.</param>
/// <param name="maxBody">The largest body put together, in bytes.</param>
/// <param name="lifetime">How long a transfer may rest before it is forgotten.</param>
/// <param name="time">The clock.</param>
/// <param name="maxTransfers">Uploads, and answers kept for later blocks, that may rest at once; one more and the oldest is forgotten.</param>
public sealed class BlockwiseTransfers(CoapPeer peer, int maxBody, TimeSpan lifetime, TimeProvider time, int maxTransfers = 8)
{
    private const int ETagLength = 8;

    // Block, Size2 and ETag options with their heads.
    private const int BlockOptionBytes = 32;

    private readonly Lock _lock = new();
    private readonly RestingTransfers<BlockwiseAssembler> _uploads = new(maxTransfers, lifetime, time);
    private readonly RestingTransfers<KeptAnswer> _downloads = new(maxTransfers, lifetime, time);
    private ITimer? _forgetting;

    /// <summary>Takes a request.</summary>
    /// <param name="request">As it came.</param>
    /// <param name="whole">The request to work on, its blocks put together and without block options; null where <paramref name="answer"/> says all.</param>
    /// <param name="answer">What to answer at once: the next block is wanted (2.31), the block that was asked for, or a refusal.</param>
    /// <param name="mostBody">The largest body put together for this request, where that is less than for others, in bytes.</param>
    /// <returns>Whether there is a whole request.</returns>
    public bool TryTake(CoapMessage request, out CoapMessage? whole, out CoapMessage? answer, int mostBody = int.MaxValue)
    {
        whole = null;
        answer = null;
        if (!request.Options.Contains(CoapOptionNumber.Block1) && !request.Options.Contains(CoapOptionNumber.Block2))
        {
            whole = request;
            return true;
        }

        if (!peer.BlockWise)
            answer = Refuse(CoapCode.BadOption, "blocks without Block-Wise-Transfer in the CSM");
        else if (!IsReadable(request, CoapOptionNumber.Block1) || !IsReadable(request, CoapOptionNumber.Block2))
            answer = Refuse(CoapCode.BadOption, "unreadable block option");
        else if (request.Block1 is { } block)
            answer = Upload(request, block, Math.Min(maxBody, mostBody), out whole);
        else if (request.Block2!.Value is { Number: > 0 } later)
            answer = LaterBlock(request, later, out whole);
        else
            whole = request.CopyWhere(n => !BlockwiseKey.IsBlock(n));
        if (answer is not null)
            answer.Token = request.Token;
        return whole is not null;
    }

    /// <summary>Makes an answer fit: as it is, its first (or the asked-for) block with the rest kept for later, or 4.13.</summary>
    /// <param name="request">The request as it came: its block options say what the asker wants.</param>
    /// <param name="answer">The whole answer, or a notification to the request.</param>
    /// <param name="maxMessageSize">What the peer takes, in bytes.</param>
    public CoapMessage Fit(CoapMessage request, CoapMessage answer, int maxMessageSize)
    {
        // A notification begins with its first block (RFC 7959, 2.6).
        var asked = answer.Options.Contains(CoapOptionNumber.Observe) ? request.Block2 is { } wanted ? wanted with { Number = 0 } : null : request.Block2;
        if (request.Block1 is { } upload)
        {
            // The last answer of an upload says which block it answers (RFC 7959, 2.3).
            answer = answer.CopyWhere(static n => n != (int)CoapOptionNumber.Block1);
            answer.Options.Add(CoapOptionNumber.Block1, (upload with { More = false }).Value);
        }

        var fits = answer.SizeWith(Math.Max(answer.Token.Length, request.Token.Length)) <= maxMessageSize;
        if (fits && (asked is null || answer.Payload.IsEmpty || !answer.Code.IsSuccess))
            return answer;
        if (!peer.BlockWise)
            return TooLarge(answer, maxMessageSize);

        var whole = answer.CopyWhere(static n => (CoapOptionNumber)n is not (CoapOptionNumber.Block2 or CoapOptionNumber.Size2));
        if (!whole.Options.Contains(CoapOptionNumber.ETag))
            whole.Options.Add(CoapOptionNumber.ETag, SHA256.HashData(whole.Payload.Span).AsMemory(0, ETagLength));
        whole.Options.Add(CoapOptionNumber.Size2, (uint)whole.Payload.Length);
        if (Block(whole, asked ?? new BlockOption(0, false, BlockOption.Bert), maxMessageSize) is not { } first)
            return Refuse(CoapCode.BadRequest, "no such block", answer.Token);
        if (first.SizeWith(CoapToken.MaxLength) > maxMessageSize)
            return TooLarge(answer, maxMessageSize);
        if (first.Block2 is { More: true })
            KeepRest(BlockwiseKey.Of(request), whole, maxMessageSize);
        return first;
    }

    /// <summary>The connection ended: nothing is kept any longer.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _uploads.Clear();
            _downloads.Clear();
            _forgetting?.Dispose();
            _forgetting = null;
        }
    }

    private static CoapMessage Refuse(CoapCode code, string diagnostic, CoapToken token = default) =>
        new CoapMessage(code) { Token = token }.WithDiagnostic(diagnostic);

    private static CoapMessage TooLarge(CoapMessage answer, int maxMessageSize) =>
        Refuse(CoapCode.RequestEntityTooLarge, $"the answer is larger than {maxMessageSize} bytes", answer.Token);

    // A value of another length, or a second one, is an option that is not known (RFC 7252, 5.4.3, 5.4.5).
    private static bool IsReadable(CoapMessage request, CoapOptionNumber number) =>
        !request.Options.Contains(number) || (request.Options.All(number).Count() == 1 && BlockOption.TryParse(request.Options, number) is not null);

    private CoapMessage? Upload(CoapMessage request, BlockOption block, int most, out CoapMessage? whole)
    {
        whole = null;
        var key = BlockwiseKey.Of(request);
        lock (_lock)
        {
            // Size1 of an upload is what is to come (RFC 7959, 4).
            if (request.Options.UInt32(CoapOptionNumber.Size1) > most || (most < maxBody && block.Offset + request.Payload.Length > most))
                return UploadTooLarge(key, most);
            if (!_uploads.TryGet(key, out var upload))
                upload = new BlockwiseAssembler(maxBody);
            switch (upload.Add(block, request.Payload.Span))
            {
                case BlockwiseStep.Continue:
                    _uploads.Set(key, upload);
                    ForgetLater();
                    return new CoapMessage(CoapCode.Continue).WithOption(CoapOptionNumber.Block1, block.Value);
                case BlockwiseStep.Complete:
                    _uploads.Remove(key);
                    whole = request.CopyWhere(n => !BlockwiseKey.IsBlock(n));
                    whole.Payload = upload.Body;
                    return null;
                case BlockwiseStep.TooLarge:
                    return UploadTooLarge(key, most);
                case BlockwiseStep.OutOfOrder:
                    _uploads.Remove(key);
                    return Refuse(CoapCode.RequestEntityIncomplete, "not the next block");
                default:
                    _uploads.Remove(key);
                    return Refuse(CoapCode.BadRequest, "the payload is not a block of that size");
            }
        }
    }

    private CoapMessage UploadTooLarge(string key, int most)
    {
        _uploads.Remove(key);
        // RFC 7959, 4: what would be taken.
        return Refuse(CoapCode.RequestEntityTooLarge, $"over {most} bytes").WithOption(CoapOptionNumber.Size1, (uint)most);
    }

    private CoapMessage? LaterBlock(CoapMessage request, BlockOption asked, out CoapMessage? whole)
    {
        whole = null;
        var key = BlockwiseKey.Of(request);
        KeptAnswer? kept;
        lock (_lock)
        {
            if (_downloads.TryGet(key, out kept))
                _downloads.Set(key, kept);
        }

        if (kept is null)
        {
            // Reading again gives the block; doing again what the first request did is not ours to decide (RFC 7959, 2.9.2).
            if (request.Code != CoapCode.Get && (request.Code != CoapCode.Fetch || request.Payload.IsEmpty))
                return Refuse(CoapCode.RequestEntityIncomplete, "the answer is not kept any more");
            whole = request.CopyWhere(n => !BlockwiseKey.IsBlock(n));
            return null;
        }

        if (Block(kept.Whole, asked, kept.MaxMessageSize) is not { } block)
            return Refuse(CoapCode.BadRequest, "no such block");
        if (block.Block2 is { More: false })
        {
            lock (_lock)
                _downloads.Remove(key);
        }

        return block;
    }

    // As large as the asker wants it, or smaller where that does not fit (RFC 7959, 2.4); null: behind the end.
    private CoapMessage? Block(CoapMessage whole, BlockOption asked, int maxMessageSize)
    {
        var message = whole.CopyWhere(static _ => true);
        message.Payload = default;
        var overhead = Math.Max(BlockwiseSlicer.MessageOverhead, message.SizeWith(CoapToken.MaxLength) + BlockOptionBytes);
        var exponent = Math.Min(asked.Exponent, BlockwiseSlicer.ExponentFor(maxMessageSize, overhead));
        // BERT is for peers that said they take more than the base size (RFC 8323, 5.3.2).
        if (exponent == BlockOption.Bert && !peer.Bert)
            exponent--;
        var wanted = new BlockOption(0, false, exponent);
        var number = asked.Offset / wanted.Size;
        if (number > BlockOption.MaxNumber)
            return null;
        wanted = wanted with { Number = (uint)number };
        if (!BlockwiseSlicer.TrySlice(whole.Payload, wanted, maxMessageSize, out var block, out var slice, overhead))
            return null;
        message.Options.Add(CoapOptionNumber.Block2, block.Value);
        message.Payload = slice;
        return message;
    }

    private void KeepRest(string key, CoapMessage answer, int maxMessageSize)
    {
        // What only the first block says: the sequence number of a notification, the block of the upload that it answers.
        var rest = answer.CopyWhere(static n => (CoapOptionNumber)n is not (CoapOptionNumber.Observe or CoapOptionNumber.Block1));
        lock (_lock)
        {
            _downloads.Set(key, new KeptAnswer(rest, maxMessageSize));
            ForgetLater();
        }
    }

    // One timer, set while something rests.
    private void ForgetLater()
    {
        if (_forgetting is not null)
            return;
        _forgetting = time.CreateTimer(static t => ((BlockwiseTransfers)t!).Forget(), this, lifetime, Timeout.InfiniteTimeSpan);
    }

    private void Forget()
    {
        lock (_lock)
        {
            _uploads.Sweep();
            _downloads.Sweep();
            _forgetting?.Dispose();
            _forgetting = null;
            if (_uploads.Count + _downloads.Count > 0)
                ForgetLater();
        }
    }

    private sealed record KeptAnswer(CoapMessage Whole, int MaxMessageSize);
}
