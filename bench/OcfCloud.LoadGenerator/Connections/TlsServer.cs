using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OcfCloud.LoadGenerator.Connections;

/// <summary>The devices behind a relay: takes its connections, over mutual TLS or plain, and answers on each.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly Task _accepting;

    /// <summary>Listens.</summary>
    /// <param name="address">Where.</param>
    /// <param name="certificate">What the devices show; null: no TLS.</param>
    /// <param name="relay">The certificate that the relay has to show.</param>
    public TlsServer(IPEndPoint address, X509Certificate2? certificate, X509Certificate2 relay)
    {
        if (certificate is not null)
        {
            _tls = new()
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                ClientCertificateRequired = true,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                CertificateChainPolicy = NoPolicy(),
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(relay.RawDataMemory.Span),
            };
        }

        _listener.Bind(address);
        _listener.Listen(4096);
        _accepting = AcceptAsync();
    }

    /// <summary>Without authorities the chain that SslStream builds for every handshake costs next to nothing.</summary>
    public static X509ChainPolicy NoPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync(_stop.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Told to stop.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (_tls is not null)
            {
                var tls = new SslStream(stream);
                stream = tls;
                await tls.AuthenticateAsServerAsync(_tls, _stop.Token);
            }

            await using var connection = new PeerConnection(stream);
            await using var stops = _stop.Token.UnsafeRegister(static state => ((Stream)state!).Dispose(), stream);
            await connection.AnswerAsync();
        }
        catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException or LoadException)
        {
            await Console.Error.WriteLineAsync($"a connection of the relay failed: {e.Message}");
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }
}
