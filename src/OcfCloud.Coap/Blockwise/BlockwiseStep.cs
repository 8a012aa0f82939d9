namespace OcfCloud.Coap;

/// <summary>What a block did to the body that is being put together.</summary>
public enum BlockwiseStep
{
    /// <summary>Taken; the next one is expected (an upload is answered 2.31).</summary>
    Continue,

    /// <summary>Taken; the body is whole.</summary>
    Complete,

    /// <summary>Not the block that was expected (4.08).</summary>
    OutOfOrder,

    /// <summary>The body would pass the limit (4.13).</summary>
    TooLarge,

    /// <summary>The payload's length is not what the option says (4.00).</summary>
    Malformed,
}
