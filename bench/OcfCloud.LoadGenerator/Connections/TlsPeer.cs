using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.LoadGenerator.Connections;

/// <summary>
/// One identity that dials over mutual TLS. The other side is known by its very certificate: to build a chain for each handshake would cost the generator more
/// than the handshake.
/// </summary>
internal sealed class TlsPeer
{
    private readonly SslClientAuthenticationOptions _options;

    /// <summary>An identity.</summary>
    /// <param name="certificate">Who it is.</param>
    /// <param name="server">The certificate that the server has to show.</param>
    /// <param name="protocol">The version of TLS.</param>
    /// <param name="resumes">Whether a later handshake may continue an earlier session.</param>
    public TlsPeer(X509Certificate2 certificate, X509Certificate2 server, SslProtocols protocol, bool resumes) => _options = new()
    {
        // Sessions are kept by name.
        TargetHost = resumes ? "localhost" : "",
        AllowTlsResume = resumes,
        EnabledSslProtocols = protocol,
        ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = TlsServer.NoPolicy(),
        RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(server.RawDataMemory.Span),
    };

    /// <summary>Connects.</summary>
    /// <param name="address">Where.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LoadException">No connection or no handshake.</exception>
    public async Task<DialledStream> DialAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? tls = null;
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            var counted = new CountingStream(socket);
            tls = new SslStream(counted);
            await tls.AuthenticateAsClientAsync(_options, cancellationToken);
            return new DialledStream(tls, counted.Received);
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or ObjectDisposedException or OperationCanceledException)
        {
            if (tls is not null)
                await tls.DisposeAsync();
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new LoadException($"{address}: {e.Message}", e);
        }
    }
}
