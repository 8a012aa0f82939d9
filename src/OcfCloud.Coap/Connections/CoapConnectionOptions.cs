namespace OcfCloud.Coap;

/// <summary>Limits and manners of one connection.</summary>
public sealed class CoapConnectionOptions
{
    /// <summary>The largest message taken, in bytes; announced in our CSM.</summary>
    public int MaxMessageSize { get; init; } = 262_144;

    /// <summary>Bytes that wait for a peer that does not read; more are refused.</summary>
    public int MaxOutgoingBytes { get; init; } = 1_048_576;

    /// <summary>Told of each message that was refused by <see cref="MaxOutgoingBytes"/>, by whoever sends it; must not block.</summary>
    public Action? OutgoingRefused { get; init; }

    /// <summary>Requests that wait for the peer's answer; more are refused.</summary>
    public int MaxRequestsInFlight { get; init; } = 64;

    /// <summary>Of these, those of one asker.</summary>
    public int MaxRequestsPerAsker { get; init; } = int.MaxValue;

    /// <summary>Silence after which the peer is pinged; the answer has as long again, 10 s at most.</summary>
    public TimeSpan IdlePing { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long the peer may take for one message, from its first byte to its last; zero: as long as it likes.</summary>
    public TimeSpan MessageTimeout { get; init; }

    /// <summary>How long the peer may take none of the bytes that wait for it; zero: as long as it likes.</summary>
    public TimeSpan WriteTimeout { get; init; }

    /// <summary>The most options of one message, whose bytes together are at most <see cref="MaxOptionBytes"/>. Requests over it are the handler's to refuse.</summary>
    public int MaxOptions { get; init; } = int.MaxValue;

    /// <summary>The most bytes of the options of one message, encoded.</summary>
    public int MaxOptionBytes { get; init; } = int.MaxValue;

    /// <summary>How long what is in the outbox may take to go out when the connection is closed; as long again may a peer take that broke the protocol to close.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether our CSM goes out first, as RFC 8323, 3.3 asks; false plays a device that sends none.</summary>
    public bool SendCsm { get; init; } = true;

    /// <summary>Whether our CSM announces Block-Wise-Transfer.</summary>
    public bool BlockWise { get; init; } = true;

    /// <summary>
    /// Whether several messages may share one write before the peer's CSM came (it negotiated ALPN <c>coap</c>); deployed devices without a CSM read one
    /// message per TLS record.
    /// </summary>
    public bool MayCoalesce { get; init; }

    /// <summary>
    /// Whether the owner calls <see cref="CoapConnection.Tick"/> about once a second for many connections; else the connection has a timer of its own.
    /// </summary>
    public bool TickedByOwner { get; init; }
}
