namespace OcfCloud.Coap;

/// <summary>
/// The outboxes that were written to while one read buffer was handled. They are flushed together at its end: one write for many messages is what makes
/// pipelined load cheap.
/// </summary>
public sealed class CoapFlushBatch
{
    private readonly List<CoapOutbox> _outboxes = new(4);

    internal void Add(CoapOutbox outbox)
    {
        // Pipelined requests mostly go to the same few peers: the last one first.
        if (_outboxes.Count > 0 && ReferenceEquals(_outboxes[^1], outbox))
            return;
        if (!_outboxes.Contains(outbox))
            _outboxes.Add(outbox);
    }

    internal void Flush()
    {
        foreach (var outbox in _outboxes)
            outbox.Flush();
        _outboxes.Clear();
    }
}
