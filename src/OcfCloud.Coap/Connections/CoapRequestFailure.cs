namespace OcfCloud.Coap;

/// <summary>Why a request got no answer.</summary>
public enum CoapRequestFailure
{
    /// <summary>The peer did not answer in time.</summary>
    TimedOut,

    /// <summary>The connection ended.</summary>
    ConnectionClosed,
}
