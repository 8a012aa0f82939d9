namespace OcfCloud.Coap;

/// <summary>What the bytes at the start of a buffer are.</summary>
public enum CoapFrameStatus
{
    /// <summary>A whole, well-formed message.</summary>
    Complete,

    /// <summary>The beginning of a message.</summary>
    Incomplete,

    /// <summary>No message: the connection cannot go on.</summary>
    Malformed,

    /// <summary>The beginning of a message over the limit.</summary>
    TooLarge,
}
