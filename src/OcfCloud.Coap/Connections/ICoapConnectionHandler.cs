namespace OcfCloud.Coap;

/// <summary>Who a <see cref="CoapConnection"/> tells what comes in; called on the reading task, one call after the other, and must not block.</summary>
public interface ICoapConnectionHandler
{
    /// <summary>A request came; the frame is valid during the call only.</summary>
    void OnRequest(CoapConnection connection, in CoapFrame request);

    /// <summary>The peer sent Release: it starts nothing new. The handler closes the connection when what is in flight is answered.</summary>
    void OnRelease(CoapConnection connection);

    /// <summary>The connection ended; every request towards the peer was told so before.</summary>
    void OnClosed(CoapConnection connection, CoapCloseReason reason);
}
