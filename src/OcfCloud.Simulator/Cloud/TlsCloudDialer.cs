using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Certificates;

namespace OcfCloud.Simulator.Cloud;

/// <summary>Dials over TLS as devices of the field do: the leaf certificate alone, no server name, no application protocol.</summary>
internal sealed class TlsCloudDialer : ICloudDialer
{
    private readonly SslStreamCertificateContext _identity;
    private readonly TrustAnchors _anchors;
    private readonly CloudTiming _timing;
    private readonly TimeProvider _time;

    /// <summary>Dials as the holder of a certificate.</summary>
    public TlsCloudDialer(X509Certificate2 certificate, TrustAnchors anchors, CloudTiming timing, TimeProvider time)
    {
        _identity = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        _anchors = anchors;
        _timing = timing;
        _time = time;
    }

    /// <inheritdoc/>
    public async Task<Stream> DialAsync(CoapsAddress address, Guid cloudId, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_timing.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? tls = null;
        var isAnotherCloud = false;
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, either.Token);
            tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "",
                    ClientCertificateContext = _identity,
                    CertificateChainPolicy = _anchors.CreatePolicy(),
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                    {
                        if (!TrustAnchors.IsTrusted(errors))
                            return false;

                        // The cloud's identity is its common name (ISO/IEC 30118-2, 10.5), not the name that was dialled.
                        isAnotherCloud = !CertificateIdentity.TryRead(certificate as X509Certificate2, out var id) || id != cloudId;
                        return !isAnotherCloud;
                    },
                },
                either.Token);
            return tls;
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            if (tls is not null)
                await tls.DisposeAsync();
            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw new CloudUnreachableException(Describe(address, cloudId, e, isAnotherCloud), e) { IsAnotherCloud = isAnotherCloud };
        }
    }

    private static string Describe(CoapsAddress address, Guid cloudId, Exception error, bool isAnotherCloud) => error switch
    {
        _ when isAnotherCloud => $"{address} is not the cloud {cloudId:D}",
        OperationCanceledException => $"{address} does not answer",
        AuthenticationException => $"{address}: the TLS handshake failed ({(error.InnerException ?? error).Message})",
        _ => $"{address}: {error.Message}",
    };
}
