namespace OcfCloud.Coap;

/// <summary>Asks the peer of a connection, whole bodies both ways: blockwise where they are large and the peer can (RFC 7959; RFC 8323, 6).</summary>
/// <param name="connection">The connection; somebody runs it.</param>
/// <param name="defaultPeerSize">What a peer takes that announced no size, in bytes.</param>
public sealed class CoapRequester(CoapConnection connection, int defaultPeerSize = 8192)
{
    /// <summary>Sends a request and waits for its whole answer. The token is chosen here.</summary>
    /// <param name="request">The request with its whole body.</param>
    /// <param name="timeout">Of each answer of the peer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CoapRequestException">There is no answer.</exception>
    public Task<CoapMessage> RequestAsync(CoapMessage request, TimeSpan timeout, CancellationToken cancellationToken) => throw new NotSupportedException(connection.ToString() + defaultPeerSize);
}
