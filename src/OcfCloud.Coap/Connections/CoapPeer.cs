namespace OcfCloud.Coap;

/// <summary>What the peer said of itself by CSM (RFC 8323, 5.3). Deployed devices often say nothing.</summary>
public sealed class CoapPeer
{
    private volatile bool _csmReceived;
    private volatile bool _blockWise;
    private volatile int _maxMessageSize;

    /// <summary>A CSM came.</summary>
    public bool CsmReceived
    {
        get => _csmReceived;
        internal set => _csmReceived = value;
    }

    /// <summary>The peer can transfer block-wise (RFC 7959; RFC 8323, 5.3.2).</summary>
    public bool BlockWise
    {
        get => _blockWise;
        internal set => _blockWise = value;
    }

    /// <summary>The largest message that it takes, in bytes; null: none announced.</summary>
    public int? MaxMessageSize => _maxMessageSize == 0 ? null : _maxMessageSize;

    /// <summary>The peer takes several blocks of 1024 bytes in one message (RFC 8323, 5.3.2, 6).</summary>
    public bool Bert => BlockWise && _maxMessageSize > BlockwiseSlicer.UnannouncedSize;

    internal void Announce(uint maxMessageSize) => _maxMessageSize = (int)Math.Clamp(maxMessageSize, 1, int.MaxValue);
}
