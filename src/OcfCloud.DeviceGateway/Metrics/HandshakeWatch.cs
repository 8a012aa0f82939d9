using System.Net.Security;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Certificates;
using OcfCloud.DeviceGateway.Tls;

namespace OcfCloud.DeviceGateway.Metrics;

/// <summary>
/// Counts connections around their handshake, which nobody hears of where it fails.
/// <code>
///   accepted ─► Outside ─► TLS ─► Inside ─► served
///                  └── came back without having been inside: failed; why say the certificate's verdict, else how far it came
/// </code>
/// </summary>
internal sealed class HandshakeWatch(GatewayMetrics metrics, IOptions<DeviceTlsOptions> options, TimeProvider time)
{
    // Of refused ones alone, and gone with their stream.
    private readonly ConditionalWeakTable<object, object> _verdicts = [];

    /// <summary>Before TLS.</summary>
    public void Outside(ListenOptions listen) => listen.Use(next => async connection =>
    {
        metrics.Accepted();
        var since = time.GetTimestamp();
        try
        {
            await next(connection);
        }
        finally
        {
            if (connection.Features.Get<Passage>() is null) metrics.Failed(ReasonOf(connection, since));
        }
    });

    /// <summary>The ClientHello is there.</summary>
    public static void Greeted(BaseConnectionContext connection) => connection.Features.Set(Greeting.Instance);

    /// <summary>After TLS.</summary>
    public static void Inside(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set(Passage.Instance);
        return next(connection);
    });

    /// <summary>A certificate was refused.</summary>
    /// <param name="stream">Whose.</param>
    /// <param name="reason">Why.</param>
    public void Refused(object stream, HandshakeFailure reason) => _verdicts.AddOrUpdate(stream, reason);

    public static HandshakeFailure ReasonOf(TrustVerdict verdict) => verdict switch
    {
        TrustVerdict.NoPathToAnchor => HandshakeFailure.CertificateUntrusted,
        TrustVerdict.OutOfValidity => HandshakeFailure.CertificateExpired,
        TrustVerdict.Revoked => HandshakeFailure.CertificateRevoked,
        _ => HandshakeFailure.CertificateUnfit,
    };

    private HandshakeFailure ReasonOf(ConnectionContext connection, long since)
    {
        if (connection.Features.Get<SslStream>() is { } stream && _verdicts.TryGetValue(stream, out var verdict)) return (HandshakeFailure)verdict;
        if (time.GetElapsedTime(since) >= options.Value.HandshakeTimeout) return HandshakeFailure.TimedOut;
        return connection.Features.Get<Greeting>() is null ? HandshakeFailure.NoClientHello : HandshakeFailure.BrokenOff;
    }

    private sealed class Greeting
    {
        public static readonly Greeting Instance = new();
    }

    private sealed class Passage
    {
        public static readonly Passage Instance = new();
    }
}
