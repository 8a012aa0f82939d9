namespace OcfCloud.Coap;

/// <summary>A message that is written straight into a connection's outbox; a struct, so that sending allocates nothing.</summary>
public interface ICoapFrameSource
{
    /// <summary>Room that <see cref="Write"/> needs at most, in bytes.</summary>
    int MaxSize { get; }

    /// <summary>Writes the message at the start of the buffer; runs under the outbox's lock, so it only copies.</summary>
    /// <returns>Its size, in bytes.</returns>
    int Write(Span<byte> buffer);
}
