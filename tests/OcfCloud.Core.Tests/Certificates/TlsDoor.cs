using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.Core.Tests.Certificates;

/// <summary>A certificate, and TLS connections on which it is shown.</summary>
internal sealed class TlsDoor : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly SslStreamCertificateContext _context;

    public TlsDoor()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _certificate = new CertificateRequest("CN=door", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        _context = SslStreamCertificateContext.Create(_certificate, additionalCertificates: null, offline: true);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Opens one, over TCP.</summary>
    /// <param name="version">Of TLS.</param>
    /// <param name="resumes">Whether the client comes back with the session of the last one that did.</param>
    public async Task<Pair> OpenAsync(SslProtocols version, bool resumes = false)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var peer = new TcpClient();
        await peer.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancelled);
        var server = new SslStream((await listener.AcceptTcpClientAsync(Cancelled)).GetStream());
        var client = new SslStream(peer.GetStream(), false, (_, shown, _, _) => shown!.GetCertHashString() == _certificate.Thumbprint);
        await Task.WhenAll(
            server.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = _context, EnabledSslProtocols = version }, Cancelled),
            client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "door", EnabledSslProtocols = version, AllowTlsResume = resumes }, Cancelled));
        return new Pair(server, client);
    }

    public void Dispose() => _certificate.Dispose();

    internal sealed record Pair(SslStream Server, SslStream Client) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
