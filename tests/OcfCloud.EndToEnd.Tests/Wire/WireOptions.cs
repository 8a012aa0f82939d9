using System.Net;
using System.Net.Security;
using System.Security.Authentication;

namespace OcfCloud.EndToEnd.Wire;

/// <summary>What kind of peer a connection is.</summary>
internal sealed record WireOptions
{
    /// <summary>Whether it sends a CSM; many devices send none.</summary>
    public bool SendCsm { get; init; } = true;

    /// <summary>Max-Message-Size of its CSM, in bytes; null: not announced.</summary>
    public uint? MaxMessageSize { get; init; } = 1 << 20;

    /// <summary>Whether its CSM has Block-Wise-Transfer.</summary>
    public bool BlockWise { get; init; } = true;

    /// <summary>Whether it answers Pings.</summary>
    public bool AnswersPings { get; init; } = true;

    /// <summary>Bytes that the system takes for it while it does not read; null: as the system likes.</summary>
    public int? ReceiveBuffer { get; init; }

    /// <summary>The address that it connects from; null: as the system likes.</summary>
    public IPAddress? From { get; init; }

    /// <summary>The balancer that it connects to; null: it connects to the cloud.</summary>
    public IPEndPoint? Through { get; init; }

    /// <summary>The TLS versions that it offers.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.None;

    /// <summary>The ALPN names that it offers.</summary>
    public IReadOnlyList<string> Alpn { get; init; } = [];

    public SslClientAuthenticationOptions Apply(SslClientAuthenticationOptions options)
    {
        options.EnabledSslProtocols = Protocols;
        options.ApplicationProtocols = Alpn.Count > 0 ? [.. Alpn.Select(name => new SslApplicationProtocol(name))] : null;
        return options;
    }
}
