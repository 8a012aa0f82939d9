namespace OcfCloud.Coap;

/// <summary>Why a request got no answer.</summary>
public enum CoapRequestFailure
{
    /// <summary>The peer did not answer in time.</summary>
    TimedOut,

    /// <summary>The connection ended.</summary>
    ConnectionClosed,

    /// <summary>Too many requests wait for this peer, or it does not read: not sent.</summary>
    Busy,

    /// <summary>The request is larger than the peer takes, or the answer than we take.</summary>
    TooLarge,

    /// <summary>The peer's blocks do not make a body.</summary>
    Malformed,
}
