using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Certificates;
using OcfCloud.Core.Refusals;
using OcfCloud.DeviceGateway.Metrics;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>The TLS rules of the device door: which certificate is shown, which device certificates are let in, how long a handshake may take.</summary>
public sealed partial class DeviceTls : IDisposable
{
    private static readonly SslApplicationProtocol Coap = new("coap");

    private readonly DeviceTlsOptions _options;
    private readonly CloudCertificate _certificate;
    private readonly DeviceTrust _trust;
    private readonly HandshakeLanes _lanes;
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly DeviceRefusals _refusals;
    private readonly ILogger<DeviceTls> _logger;
    private volatile SslServerAuthenticationOptions _current;
    private volatile TlsSessions _sessions;

    /// <summary>Reads trust anchors and revocation lists.</summary>
    /// <exception cref="DeviceTlsException">One of them cannot be used.</exception>
    internal DeviceTls(
        IOptions<DeviceTlsOptions> options, CloudCertificate certificate, DeviceRefusals refusals, TimeProvider time, GatewayMetrics metrics, ILogger<DeviceTls> logger)
    {
        _options = options.Value;
        _certificate = certificate;
        _metrics = metrics;
        _time = time;
        _refusals = refusals;
        _logger = logger;
        _trust = new DeviceTrust(_options, time, logger);
        _lanes = new HandshakeLanes(_options.MaxConcurrentHandshakes);
        (_current, _sessions) = Build();
        metrics.WatchTlsSessions(() => _sessions.Count);
        if (_options.AllowWithoutCertificate) LogCertificatesOptional();
    }

    /// <summary>
    /// Raised after trust anchors or revocation lists changed and the new ones are in force: whoever holds live connections asks <see cref="IsStillTrusted"/> for
    /// each and closes those that are not.
    /// </summary>
    public event EventHandler? TrustChanged;

    /// <summary>
    /// Whether a handshake with this certificate would succeed now. A connection whose handshake ran while the trust changed must ask once more when it has
    /// been entered where a handler of <see cref="TrustChanged"/> finds it.
    /// </summary>
    /// <param name="certificate">The certificate with which a device connected.</param>
    public bool IsStillTrusted(X509Certificate2 certificate) => _trust.Judge(certificate, sent: null) == TrustVerdict.Trusted;

    /// <summary>Reads again what changed; one caller at a time.</summary>
    internal void Refresh()
    {
        if (_certificate.Refresh())
        {
            // First: the same certificate, written anew, has the same place for its sessions.
            _sessions.Dispose();
            (_current, _sessions) = Build();
            // After it is in force: who reads this line may connect at once.
            var leaf = _certificate.Current.TargetCertificate;
            LogShown(leaf.Thumbprint, leaf.NotAfter.ToUniversalTime());
        }
        if (!_trust.Refresh()) return;
        try
        {
            TrustChanged?.Invoke(this, EventArgs.Empty);
        }
        catch (Exception e)
        {
            LogHandlerFailed(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sessions.Dispose();

    // One instance for all connections. No CipherSuitesPolicy: it would switch session resumption off; the process's OpenSSL configuration adds the CCM suites.
    private (SslServerAuthenticationOptions Options, TlsSessions Sessions) Build()
    {
        var sessions = new TlsSessions();
        return (new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _certificate.Current,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            // A client without ALPN is let in.
            ApplicationProtocols = [Coap],
            // Asks for one; whether there must be one is said in the callback.
            ClientCertificateRequired = true,
            AllowRenegotiation = false,
            AllowTlsResume = TlsSessions.IsSupported,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            CertificateChainPolicy = NoPolicy(),
            RemoteCertificateValidationCallback = (stream, certificate, chain, _) => Admit((SslStream)stream, sessions, certificate, chain),
        }, sessions);
    }

    // SslStream builds a chain for every handshake, resumed ones too, before it asks us. Without authorities that costs next to nothing;
    // the real chain is built by TrustAnchors, once a certificate.
    private static X509ChainPolicy NoPolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };

    private bool Admit(SslStream stream, TlsSessions sessions, X509Certificate? certificate, X509Chain? chain)
    {
        sessions.Begin(stream);
        var sent = chain?.ChainPolicy.ExtraStore;
        var isIn = Admit(stream, certificate as X509Certificate2, sent);
        if (isIn && _trust.Knows(sent)) sessions.Keep(stream);
        return isIn;
    }

    private bool Admit(SslStream stream, X509Certificate2? presented, X509Certificate2Collection? sent)
    {
        if (presented is null)
        {
            if (_options.AllowWithoutCertificate) return true;
            LogWithoutCertificate();
            _verdicts.AddOrUpdate(stream, HandshakeFailure.CertificateMissing);
            return false;
        }
        var verdict = _trust.Judge(presented, sent);
        if (verdict == TrustVerdict.Trusted) return true;
        _verdicts.AddOrUpdate(stream, ReasonOf(verdict));
        LogRefused(verdict, CertificateNames.SubjectOf(presented), presented.SerialNumber);
        Record(verdict, presented);
        return false;
    }

    // Only where an authority of ours vouches for the name: anybody can write any name into a certificate of his own.
    private void Record(TrustVerdict verdict, X509Certificate2 presented)
    {
        var reason = verdict switch
        {
            TrustVerdict.Revoked => RefusalReason.CertificateRevoked,
            TrustVerdict.OutOfValidity => RefusalReason.CertificateExpired,
            TrustVerdict.WrongUsage => RefusalReason.CertificateUsage,
            _ => null,
        };
        if (reason is not null && DeviceCertificate.TryGetBoundDeviceId(presented, out var device))
            _refusals.Record(device, RefusedStep.Handshake, code: null, reason, RefusalText.Of(reason)!);
    }
}
