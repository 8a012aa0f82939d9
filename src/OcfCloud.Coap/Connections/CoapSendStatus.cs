namespace OcfCloud.Coap;

/// <summary>What became of a message that was to be sent.</summary>
public enum CoapSendStatus
{
    /// <summary>In the outbox; it goes out in order.</summary>
    Sent,

    /// <summary>The peer does not read and its outbox is full: not sent.</summary>
    Full,

    /// <summary>The connection ended or ends: not sent.</summary>
    Closed,
}
