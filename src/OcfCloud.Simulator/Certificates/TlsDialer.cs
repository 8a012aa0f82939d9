using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Simulator.Cloud;

namespace OcfCloud.Simulator.Certificates;

/// <summary>Dials over TLS as devices of the field do: the leaf certificate alone, no server name, no application protocol.</summary>
/// <param name="certificate">Who we prove to be.</param>
/// <param name="anchors">Who is believed.</param>
/// <param name="limit">Of TCP connect and handshake together.</param>
/// <param name="time">The clock.</param>
internal sealed class TlsDialer(X509Certificate2 certificate, TrustAnchors anchors, TimeSpan limit, TimeProvider time)
{
    private readonly SslStreamCertificateContext _identity = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);

    /// <summary>Connects.</summary>
    /// <param name="address">Where.</param>
    /// <param name="expected">Whose certificate it must be; null: anybody's with a UUID in it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CloudUnreachableException">No connection, no handshake, or somebody else.</exception>
    public async Task<SslStream> DialAsync(CoapsAddress address, Guid? expected, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? tls = null;
        var isAnother = false;
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, either.Token);
            tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "",
                    ClientCertificateContext = _identity,
                    CertificateChainPolicy = anchors.CreatePolicy(),
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    RemoteCertificateValidationCallback = (_, peer, _, errors) =>
                    {
                        if (!TrustAnchors.IsTrusted(errors))
                            return false;

                        // The identity is the common name (ISO/IEC 30118-2, 10.5), not the name that was dialled.
                        isAnother = !CertificateIdentity.TryRead(peer as X509Certificate2, out var id) || (expected is not null && id != expected);
                        return !isAnother;
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
            throw new CloudUnreachableException(Describe(address, expected, e, isAnother), e) { IsAnotherCloud = isAnother };
        }
    }

    private static string Describe(CoapsAddress address, Guid? expected, Exception error, bool isAnother) => error switch
    {
        _ when isAnother && expected is { } id => $"{address} is not {id:D}",
        _ when isAnother => $"{address} shows a certificate without a UUID",
        OperationCanceledException => $"{address} does not answer",
        AuthenticationException => $"{address}: the TLS handshake failed ({(error.InnerException ?? error).Message})",
        _ => $"{address}: {error.Message}",
    };
}
