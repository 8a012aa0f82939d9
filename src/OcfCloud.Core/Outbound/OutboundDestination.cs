using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Core.Outbound;

/// <summary>What an operator said of a destination of outgoing calls, beside what holds for all of them (<see cref="OutboundOptions"/>).</summary>
public sealed class OutboundDestination
{
    /// <summary>HTTP/1.1 connections that may be open to one host.</summary>
    public required int MaxConnectionsPerHost { get; init; }

    /// <summary>Hosts that the operator named (<see cref="Uri.IdnHost"/>), which may have any address; all others are judged as a stranger's.</summary>
    public IReadOnlyCollection<string> NamedHosts { get; init; } = [];

    /// <summary>Trusted beside the system's store and <see cref="OutboundOptions.TrustAnchors"/>.</summary>
    public X509Certificate2Collection TrustAnchors { get; init; } = [];

    /// <summary>Shown where the other end asks for a certificate; null: none.</summary>
    public SslStreamCertificateContext? ClientCertificate { get; init; }

    /// <summary>Is told what the other end of a handshake presented, and what is wrong with it; the certificate is gone when the call returns.</summary>
    public Action<X509Certificate2?, SslPolicyErrors>? Presented { get; init; }
}
