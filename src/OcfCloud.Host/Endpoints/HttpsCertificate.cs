using System.Net.Security;
using System.Security.Cryptography;
using OcfCloud.Host.Pki;

namespace OcfCloud.Host.Endpoints;

/// <summary>What the HTTPS door presents; read again when its files change, for the handshakes after that.</summary>
internal sealed partial class HttpsCertificate(CertificateFiles files, TimeSpan interval, TimeProvider time, ILogger<HttpsCertificate> logger) : BackgroundService
{
    private string _fingerprint = FingerprintOf(files);
    private volatile SslServerAuthenticationOptions _current = Build(files);

    /// <summary>One shared instance for all connections until the next change.</summary>
    public SslServerAuthenticationOptions Current => _current;

    /// <summary>Looks at the files once.</summary>
    public void Refresh()
    {
        try
        {
            var fingerprint = FingerprintOf(files);
            if (fingerprint == _fingerprint)
            {
                return;
            }

            // Between the writing of the certificate and of its key they do not fit: the old pair stays, the next look tries again.
            _current = Build(files);
            _fingerprint = fingerprint;
            LogReloaded(files.Path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            LogNotReloaded(files.Path, e.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Refresh();
        }
    }

    private static SslServerAuthenticationOptions Build(CertificateFiles files)
    {
        var options = new SslServerAuthenticationOptions { ServerCertificateContext = files.LoadContext() };
        HttpsProtocols.Apply(options);
        return options;
    }

    /// <summary>What tells changed files from the same ones: their content, as a mounted secret changes by a symbolic link above it.</summary>
    private static string FingerprintOf(CertificateFiles files) =>
        Convert.ToHexStringLower(SHA256.HashData([.. File.ReadAllBytes(files.Path), .. File.ReadAllBytes(files.KeyPath)]));
}
