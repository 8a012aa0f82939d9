namespace OcfCloud.Coap;

/// <summary>Why a connection ended.</summary>
public enum CoapCloseReason
{
    /// <summary>The peer closed it.</summary>
    PeerClosed,

    /// <summary>The stream failed.</summary>
    Broken,

    /// <summary>The peer sent Abort.</summary>
    PeerAborted,

    /// <summary>The peer sent Release and all of its requests are answered.</summary>
    PeerReleased,

    /// <summary>The peer broke the protocol and was told so by Abort.</summary>
    ProtocolError,

    /// <summary>The peer did not answer a ping.</summary>
    PingUnanswered,

    /// <summary>A message of the peer was begun and not ended in time.</summary>
    MessageTimedOut,

    /// <summary>The peer took nothing of what we send for too long.</summary>
    WriteTimedOut,

    /// <summary>We closed it.</summary>
    Closed,
}
