using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using OcfCloud.Core.Certificates;
using OcfCloud.DeviceGateway.Connections;
using OcfCloud.DeviceGateway.Metrics;
using OcfCloud.DeviceGateway.Transport;

namespace OcfCloud.DeviceGateway.Tls;

/// <content>Handshakes, and why they fail.</content>
public sealed partial class DeviceTls
{
    // Of refused certificates alone, by their stream and gone with it.
    private readonly ConditionalWeakTable<object, object> _verdicts = [];
    private int _buffersStay;

    /// <summary>The handshake of a connection; what follows finds the <see cref="SslStream"/> among its features.</summary>
    internal async Task ServeAsync(DeviceTransport connection, ConnectionDelegate next)
    {
        _metrics.Accepted();
        connection.EndPipes();
        await using var tls = new SslStream(connection.Bytes, leaveInnerStreamOpen: true);
        connection.Features.Set(tls);
        if (!await TryHandshakeAsync(connection, tls)) return;
        if (!TlsBuffers.TryRelease(tls) && Interlocked.Exchange(ref _buffersStay, 1) == 0) LogBuffersStay();
        connection.Bytes.ServeWherePolled();
        await next(connection);
    }

    private async Task<bool> TryHandshakeAsync(DeviceTransport connection, SslStream tls)
    {
        var hasGreeted = false;
        using var deadline = new CancellationTokenSource(_options.HandshakeTimeout, _time);
        try
        {
            // Called when the ClientHello is there: a peer that sends none takes no lane.
            await tls.AuthenticateAsServerAsync(
                async (_, _, _, cancellation) =>
                {
                    hasGreeted = true;
                    await _lanes.EnterAsync(ConnectionAdmission.NetworkOf(connection), cancellation).ConfigureAwait(false);
                    return _current;
                },
                null,
                deadline.Token);
            return true;
        }
        catch (Exception e) when (e is AuthenticationException or CryptographicException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            _metrics.Failed(ReasonOf(tls, hasGreeted, deadline.IsCancellationRequested));
            LogHandshakeFailed(connection.RemoteEndPoint, e.Message);
            if (e is AuthenticationException) await connection.LingerAsync(deadline.Token);
            return false;
        }
    }

    private HandshakeFailure ReasonOf(SslStream tls, bool hasGreeted, bool isLate)
    {
        if (_verdicts.TryGetValue(tls, out var verdict)) return (HandshakeFailure)verdict;
        if (isLate) return HandshakeFailure.TimedOut;
        return hasGreeted ? HandshakeFailure.BrokenOff : HandshakeFailure.NoClientHello;
    }

    private static HandshakeFailure ReasonOf(TrustVerdict verdict) => verdict switch
    {
        TrustVerdict.NoPathToAnchor => HandshakeFailure.CertificateUntrusted,
        TrustVerdict.OutOfValidity => HandshakeFailure.CertificateExpired,
        TrustVerdict.Revoked => HandshakeFailure.CertificateRevoked,
        _ => HandshakeFailure.CertificateUnfit,
    };
}
