namespace OcfCloud.LoadGenerator.Comparison;

/// <summary>A row of the comparison: what is measured at whom, and what the ratio has to be.</summary>
/// <param name="Name">In results.</param>
/// <param name="Work">For people.</param>
/// <param name="Peer">Row and server that it is compared with; null: the figure itself is judged.</param>
/// <param name="PeerName">For people.</param>
/// <param name="Must">What the ratio, or the figure, may be at most.</param>
/// <param name="Aim">What it shall be at most.</param>
internal sealed record Row(string Name, string Work, (string Row, string Server)? Peer, string PeerName, double Must, double Aim)
{
    /// <summary>Who we are in results.</summary>
    public const string Ours = "ours";

    private const string LibCoap = "libcoap";
    private const string HaProxy = "haproxy";
    private const string HandshakeAlone = "HAProxy, handshake alone";
    private const string FullOne = "our full one";

    /// <summary>All rows.</summary>
    public static IReadOnlyList<Row> All { get; } =
    [
        new("get-1", "GET of a small resource, 50 connections, depth 1", ("get-1", LibCoap), LibCoap, 1.3, 1.0),
        new("get-16", "the same, depth 16", ("get-16", LibCoap), LibCoap, 0.35, 0.25),
        new("routed-1", "routed client → cloud → device → back, 50 pairs, depth 1", ("routed-1", HaProxy), "HAProxy", 1.3, 1.0),
        new("routed-16", "the same, depth 16", ("routed-16", HaProxy), "HAProxy", 1.8, 1.2),
        new("handshake", "full mutual handshake plus sign-in", ("handshake", HaProxy), HandshakeAlone, 2.5, 1.5),
        new("handshake-1.2", "the same in TLS 1.2, which devices in the field speak", ("handshake-1.2", HaProxy), HandshakeAlone, 2.5, 1.5),
        new("resumed-1.2", "resumed handshake plus sign-in in TLS 1.2", ("handshake-1.2", Ours), FullOne, 0.5, 0.3),
        new("resumed", "the same in TLS 1.3", ("handshake", Ours), FullOne, 0.5, 0.3),
        new("idle", "resident memory of a signed-in idle device with 5 links, KiB", null, "", 64, 45),
    ];
}
