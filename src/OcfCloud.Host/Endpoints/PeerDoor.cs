using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using OcfCloud.Core.Certificates;
using OcfCloud.DeviceGateway.Tls;

namespace OcfCloud.Host.Endpoints;

/// <summary>
/// The door of peer clouds: mutual TLS. Who comes shows a certificate that leads to <c>OcfCloud:PeerClouds:TrustAnchors</c>, and is shown the one that devices
/// see, which names this cloud. The certificate opens the door alone: what a peer may do is said by its bearer token, as on the other door.
/// </summary>
internal sealed partial class PeerDoor : BackgroundService
{
    private readonly CloudCertificate _certificate;
    private readonly WatchedAnchors _anchors;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger<PeerDoor> _logger;
    private volatile SslServerAuthenticationOptions _handshake;

    /// <summary>Reads the trust anchors.</summary>
    /// <exception cref="UnusableAnchorsException">They cannot be used.</exception>
    public PeerDoor(IReadOnlyList<string> anchors, TimeSpan interval, CloudCertificate certificate, TimeProvider time, ILogger<PeerDoor> logger)
    {
        _certificate = certificate;
        _interval = interval;
        _time = time;
        _logger = logger;
        _anchors = new WatchedAnchors(anchors, CertificateUsage.AllowsClient, logger);
        _handshake = Build(certificate.Current);
    }

    /// <summary>One shared instance for all connections until the cloud's certificate changes.</summary>
    public SslServerAuthenticationOptions Handshake
    {
        get
        {
            var current = _handshake;
            return ReferenceEquals(current.ServerCertificateContext, _certificate.Current) ? current : _handshake = Build(_certificate.Current);
        }
    }

    /// <summary>Lets requests know that they came through this door.</summary>
    public static ConnectionDelegate Mark(ConnectionDelegate next) => connection =>
    {
        connection.Features.Set(Passage.Instance);
        return next(connection);
    };

    /// <summary>Whether the request came through this door.</summary>
    public static bool Was(HttpContext context) => context.Features.Get<Passage>() is not null;

    /// <summary>Whether a handshake with this certificate would succeed now: a connection may outlive the trust that it was made with.</summary>
    public bool IsStillTrusted(X509Certificate2? certificate) => certificate is not null && Judge(certificate, sent: null) == TrustVerdict.Trusted;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                _anchors.Refresh();
            }
            catch (Exception e)
            {
                LogNotRead(e);
            }
        }
    }

    private SslServerAuthenticationOptions Build(SslStreamCertificateContext certificate)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate,
            ClientCertificateRequired = true,
            AllowRenegotiation = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,

            // SslStream builds a chain before it asks us; without authorities that costs next to nothing, and nothing is fetched.
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
            RemoteCertificateValidationCallback = (_, presented, chain, _) => Admits(presented as X509Certificate2, chain?.ChainPolicy.ExtraStore),
        };
        HttpsProtocols.Apply(options);
        return options;
    }

    private bool Admits(X509Certificate2? certificate, X509Certificate2Collection? sent)
    {
        if (certificate is null)
        {
            LogWithoutCertificate();
            return false;
        }

        var verdict = Judge(certificate, sent);
        if (verdict == TrustVerdict.Trusted) return true;
        LogRefused(verdict, CertificateNames.SubjectOf(certificate), certificate.SerialNumber);
        return false;
    }

    private TrustVerdict Judge(X509Certificate2 certificate, X509Certificate2Collection? sent) => _anchors.FindPath(certificate, sent, _time.GetUtcNow(), out _);

    private sealed class Passage
    {
        public static readonly Passage Instance = new();
    }
}
