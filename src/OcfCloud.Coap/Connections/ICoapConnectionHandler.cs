namespace OcfCloud.Coap;

/// <summary>Who a <see cref="CoapConnection"/> tells what comes in; called on the reading task, one call after the other, and must not block.</summary>
public interface ICoapConnectionHandler
{
    /// <summary>A request came; the frame is valid during the call only.</summary>
    void OnRequest(CoapConnection connection, in CoapFrame request);

    /// <summary>The peer sent Release: it starts nothing new. The handler closes the connection when what is in flight is answered.</summary>
    void OnRelease(CoapConnection connection);

    /// <summary>
    /// The peer asks to be told by Pong when everything that came before is processed (RFC 8323, 5.4.1): by default at once, for it was all handed over.
    /// A handler that knows what it has in work may call <see cref="CoapConnection.Pong"/> later.
    /// </summary>
    void OnCustodyPing(CoapConnection connection, CoapToken token) => connection.Pong(token, custody: true);

    /// <summary>The connection ended; every request towards the peer was told so before.</summary>
    void OnClosed(CoapConnection connection, CoapCloseReason reason);
}
