using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using OcfCloud.Core.Certificates;

namespace OcfCloud.Host.Endpoints;

/// <summary>
/// The door of cameras: HTTP/1.1 alone, as an upgrade does not exist in HTTP/2. It asks for a client certificate and takes any, or none: not who signed it counts, but
/// whether its key, which the handshake shows to be held, is a camera's (RFC 8705, 2.2).
/// </summary>
internal sealed class UplinkDoor(HttpsCertificate https)
{
    private volatile SslServerAuthenticationOptions _handshake = Build(https.Current.ServerCertificateContext!);

    /// <summary>One shared instance for all connections until the certificate of https changes.</summary>
    public SslServerAuthenticationOptions Handshake
    {
        get
        {
            var current = _handshake;
            var certificate = https.Current.ServerCertificateContext!;
            return ReferenceEquals(current.ServerCertificateContext, certificate) ? current : _handshake = Build(certificate);
        }
    }

    /// <summary>Lets requests know that they came through this door, and idle uplinks cost little memory.</summary>
    public static ConnectionDelegate Mark(ConnectionDelegate next) => connection =>
    {
        if (connection.Features.Get<ISslStreamFeature>() is { } tls) TlsBuffers.TryRelease(tls.SslStream);
        connection.Features.Set(Passage.Instance);
        return next(connection);
    };

    /// <summary>Whether the request came through this door.</summary>
    public static bool Was(HttpContext context) => context.Features.Get<Passage>() is not null;

    [SuppressMessage("Security", "CA5359:Do Not Disable Certificate Validation", Justification = "A client's certificate counts here by its key alone, which the handshake proves.")]
    private static SslServerAuthenticationOptions Build(SslStreamCertificateContext certificate)
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
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        };
        HttpsProtocols.Apply(options);
        options.ApplicationProtocols = [SslApplicationProtocol.Http11];
        return options;
    }

    private sealed class Passage
    {
        public static readonly Passage Instance = new();
    }
}
