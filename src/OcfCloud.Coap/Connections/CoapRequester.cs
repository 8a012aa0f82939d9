namespace OcfCloud.Coap;

/// <summary>
/// Asks the peer of a connection, whole bodies both ways: blockwise where they are large and the peer can (RFC 7959; RFC 8323, 6). Safe from any thread.
/// <code>
/// request ─► whole, or Block1 by Block1 ─► first answer ─► Block2 by Block2 ─► whole answer
/// </code>
/// </summary>
/// <param name="connection">The connection; somebody runs it.</param>
/// <param name="defaultPeerSize">What a peer takes that announced no size, in bytes.</param>
/// <param name="maxBody">The largest body put together from blocks, in bytes.</param>
public sealed class CoapRequester(CoapConnection connection, int defaultPeerSize = 8192, int maxBody = 1_048_576)
{
    // Block1, Block2 and Size1 with their heads.
    private const int BlockOptionBytes = 24;

    /// <summary>For whom it asks, where the peer bounds the requests of one asker (<see cref="CoapConnectionOptions.MaxRequestsPerAsker"/>); null: for each request another one.</summary>
    public object? Asker { get; init; }

    /// <summary>Sends a request and waits for its whole answer. The token is chosen here.</summary>
    /// <param name="request">The request with its whole body. A Block2 of number 0 asks for blocks of its size; others are not sent.</param>
    /// <param name="timeout">Of each answer of the peer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CoapRequestException">There is no answer.</exception>
    public async Task<CoapMessage> RequestAsync(CoapMessage request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        request = WithoutBlocks(request, request.Payload, keepsWantedSize: true);
        var first = await UploadAsync(request, timeout, cancellationToken);
        return await DownloadAsync(request, first, timeout, cancellationToken);
    }

    /// <summary>Observes a resource (RFC 7641): every representation comes whole, in order, one call after the other.</summary>
    /// <param name="request">A GET or FETCH that fits the peer; Observe and the token are set here.</param>
    /// <param name="onNotification">Gets each answer of success, the first one included; on a thread of the pool.</param>
    /// <param name="timeout">Of the first answer, and of each further block.</param>
    /// <param name="cancellationToken">Gives up waiting for the first answer.</param>
    /// <returns>The observation, with its first answer; it has ended already where that is an error or the resource is not observable.</returns>
    /// <exception cref="CoapRequestException">There is no first answer.</exception>
    public async Task<CoapObservation> ObserveAsync(
        CoapMessage request, Action<CoapMessage> onNotification, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var registration = WithoutBlocks(request, request.Payload, keepsWantedSize: true);
        registration.Options.Remove(CoapOptionNumber.Observe);
        registration.Options.Add(CoapOptionNumber.Observe, 0u);
        var observation = new CoapObservation(connection, this, registration, onNotification, timeout);
        await observation.StartAsync(cancellationToken);
        return observation;
    }

    /// <summary>What the peer takes, in bytes.</summary>
    internal int PeerSize => connection.Peer.MaxMessageSize ?? defaultPeerSize;

    /// <summary>Fetches what a first answer left out (RFC 7959, 2.4). When the resource changes meanwhile, it begins anew, once.</summary>
    /// <param name="request">The request.</param>
    /// <param name="first">Its first answer; returned as it is where it is whole.</param>
    /// <param name="timeout">Of each further block.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CoapRequestException">A block does not come, or the blocks do not make a body.</exception>
    public async Task<CoapMessage> DownloadAsync(CoapMessage request, CoapMessage first, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!HasReadableBlock(first, CoapOptionNumber.Block2, out var block))
            throw new CoapRequestException(CoapRequestFailure.Malformed);
        if (block is null)
            return WithoutBlocks(first, first.Payload);

        var body = new BlockwiseAssembler(maxBody);
        var answer = first;
        var restarted = false;
        while (true)
        {
            if (answer.Options.UInt32(CoapOptionNumber.Size2) > maxBody)
                throw new CoapRequestException(CoapRequestFailure.TooLarge);
            switch (body.Add(block.Value, answer.Payload.Span))
            {
                case BlockwiseStep.Complete:
                    return WithoutBlocks(first, body.Body);
                case BlockwiseStep.Continue:
                    break;
                case BlockwiseStep.TooLarge:
                    throw new CoapRequestException(CoapRequestFailure.TooLarge);
                default:
                    throw new CoapRequestException(CoapRequestFailure.Malformed);
            }

            answer = await SendAsync(Further(request, body.Next(block.Value.Exponent)), timeout, cancellationToken);
            if (!answer.Code.IsSuccess)
                return answer;
            if (!SameETag(first, answer))
            {
                // Reading is safe to begin anew; anything else would be done twice.
                if (restarted || (request.Code != CoapCode.Get && request.Code != CoapCode.Fetch))
                    throw new CoapRequestException(CoapRequestFailure.Malformed);
                restarted = true;
                first = answer = await SendAsync(Further(request, new BlockOption(0, false, block.Value.Exponent)), timeout, cancellationToken);
                if (!answer.Code.IsSuccess)
                    return answer;
            }

            if (!HasReadableBlock(answer, CoapOptionNumber.Block2, out block) || block is null || answer.Code != first.Code)
                throw new CoapRequestException(CoapRequestFailure.Malformed);
        }
    }

    private static CoapMessage WithoutBlocks(CoapMessage message, ReadOnlyMemory<byte> payload, bool keepsWantedSize = false)
    {
        keepsWantedSize = keepsWantedSize && message.Block2 is { Number: 0 };
        var copy = message.CopyWhere(n => !BlockwiseKey.IsBlock(n) || (keepsWantedSize && n == (int)CoapOptionNumber.Block2));
        copy.Payload = payload;
        return copy;
    }

    private static bool HasReadableBlock(CoapMessage answer, CoapOptionNumber number, out BlockOption? block)
    {
        block = BlockOption.TryParse(answer.Options, number);
        return block is not null || !answer.Options.Contains(number);
    }

    private static bool SameETag(CoapMessage one, CoapMessage other)
    {
        var ours = one.Options.All(CoapOptionNumber.ETag).FirstOrDefault();
        return ours.Span.SequenceEqual(other.Options.All(CoapOptionNumber.ETag).FirstOrDefault().Span);
    }

    // Later blocks are asked for with the options of the request but Observe (RFC 7959, 2.6), and without its body (3.3), unless the body says what is read.
    private CoapMessage Further(CoapMessage request, BlockOption block)
    {
        var further = request.CopyWhere(static n => !BlockwiseKey.IsBlock(n) && n != (int)CoapOptionNumber.Observe);
        if (request.Code != CoapCode.Fetch || request.SizeWith(CoapToken.MaxLength) + BlockOptionBytes > PeerSize)
            further.Payload = default;
        further.Options.Add(CoapOptionNumber.Block2, block.Value);
        return further;
    }

    private async Task<CoapMessage> UploadAsync(CoapMessage request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var overhead = Math.Max(BlockwiseSlicer.MessageOverhead, request.SizeWith(CoapToken.MaxLength) - request.Payload.Length + BlockOptionBytes);
        var exponent = BlockwiseSlicer.ExponentFor(connection.Peer.MaxMessageSize ?? BlockwiseSlicer.UnannouncedSize, overhead);
        if (request.SizeWith(CoapToken.MaxLength) <= PeerSize)
        {
            var answer = await SendAsync(request, timeout, cancellationToken);
            // The peer may want a body in blocks that would fit a message (RFC 7959, 2.9.3).
            if (answer.Code != CoapCode.RequestEntityTooLarge || !connection.Peer.BlockWise || answer.Block1 is not { } hint
                || request.Payload.Length <= hint.Size)
                return answer;
            exponent = Math.Min(exponent, hint.Exponent);
        }
        else if (!connection.Peer.BlockWise || request.Payload.IsEmpty)
        {
            throw new CoapRequestException(CoapRequestFailure.TooLarge);
        }

        var sent = 0;
        while (true)
        {
            var wanted = new BlockOption(0, false, exponent);
            if (sent / wanted.Size > BlockOption.MaxNumber)
                throw new CoapRequestException(CoapRequestFailure.TooLarge);
            wanted = wanted with { Number = (uint)(sent / wanted.Size) };
            _ = BlockwiseSlicer.TrySlice(request.Payload, wanted, connection.Peer.MaxMessageSize, out var block, out var slice, overhead);
            var message = request.Copy();
            message.Payload = slice;
            message.Options.Add(CoapOptionNumber.Block1, block.Value);
            // RFC 7959, 4: the size of the whole, told once.
            if (sent == 0)
                message.Options.Add(CoapOptionNumber.Size1, (uint)request.Payload.Length);
            if (message.SizeWith(CoapToken.MaxLength) > PeerSize)
                throw new CoapRequestException(CoapRequestFailure.TooLarge);
            var answer = await SendAsync(message, timeout, cancellationToken);
            if (answer.Code == CoapCode.RequestEntityTooLarge && sent == 0 && answer.Block1 is { } smaller && smaller.Exponent < exponent)
            {
                // The blocks are too large for it: anew with the size that it named (RFC 7959, 2.9.3).
                exponent = smaller.Exponent;
                continue;
            }

            // An error ends the upload; so does the answer to the last block.
            if (!block.More || !answer.Code.IsSuccess)
                return answer;
            // 2.31, or an answer to this block alone, names the block that it answers, perhaps with a smaller size for the next ones (RFC 7959, 2.3).
            if (answer.Block1 is not { } taken || taken.Number != block.Number)
                throw new CoapRequestException(CoapRequestFailure.Malformed);
            sent += slice.Length;
            exponent = Math.Min(exponent, taken.Exponent);
        }
    }

    private async Task<CoapMessage> SendAsync(CoapMessage message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new PendingAnswer();
        var deadline = connection.Now + (long)timeout.TotalMilliseconds;
        if (!connection.Requests.TryAdd(pending, default, deadline, keep: false, out var token, Asker))
            throw new CoapRequestException(connection.IsClosing ? CoapRequestFailure.ConnectionClosed : CoapRequestFailure.Busy);
        message.Token = token;
        var status = connection.TrySend(message);
        if (status != CoapSendStatus.Sent)
        {
            connection.Requests.Remove(token);
            throw new CoapRequestException(status == CoapSendStatus.Full ? CoapRequestFailure.Busy : CoapRequestFailure.ConnectionClosed);
        }

        try
        {
            return await pending.Answer.WaitAsync(cancellationToken);
        }
        finally
        {
            connection.Requests.Remove(token);
        }
    }
}
