using System.Net.Security;

namespace OcfCloud.LoadGenerator.Connections;

/// <summary>A stream after its handshake.</summary>
/// <param name="Stream">The plain bytes.</param>
/// <param name="HandshakeBytes">What the server sent in the handshake: without its certificate, in a resumed one, less than half of a full one.</param>
internal sealed record DialledStream(SslStream Stream, long HandshakeBytes);
