using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Targets;

/// <summary>The ways to all Targets. One is made anew when what it is made of changed; the old one goes when its last request has come to an end.</summary>
internal sealed partial class TargetPipelines(
    LinkedCloudStore clouds, SealedSecrets secrets, OutboundGuard guard, IOptions<CloudLinkingOptions> options, TimeProvider time, ILogger<TargetPipelines> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, SharedPipeline> _pipelines = [];

    /// <summary>The way to a cloud, to be given back by disposing it; null where there is no such cloud.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask<SharedPipeline.Use?> TakeAsync(Guid cloud, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_pipelines.TryGetValue(cloud, out var known) && now - known.CheckedAt < options.Value.CheckInterval && now >= known.CheckedAt) return known.Take();
        }

        var row = await clouds.FindAsync(cloud, cancellationToken);
        lock (_lock)
        {
            var known = _pipelines.GetValueOrDefault(cloud);
            if (row is null)
            {
                _pipelines.Remove(cloud);
                known?.Retire();
                return null;
            }

            var certificate = options.Value.OwnCertificate?.Invoke();
            if (known is null || !known.Serves(row, certificate))
            {
                known?.Retire();
                _pipelines[cloud] = known = new SharedPipeline(Create(row, certificate), row, certificate);
            }

            known.CheckedAt = now;
            return known.Take();
        }
    }

    /// <summary>A way of the caller's own, who disposes it: to look at a cloud that is not stored, or to look at one anew.</summary>
    /// <param name="cloud">The cloud.</param>
    /// <param name="presented">Is told what certificate it presents.</param>
    public TargetPipeline Create(LinkedCloud cloud, Action<X509Certificate2?, SslPolicyErrors>? presented) => Create(cloud, options.Value.OwnCertificate?.Invoke(), presented);

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var pipeline in _pipelines.Values) pipeline.Retire();
            _pipelines.Clear();
        }
    }

    private TargetPipeline Create(LinkedCloud cloud, SslStreamCertificateContext? own, Action<X509Certificate2?, SslPolicyErrors>? presented = null) =>
        new(cloud, CertificateOf(cloud) ?? own, presented, guard, options.Value, time, logger);

    private SslStreamCertificateContext? CertificateOf(LinkedCloud cloud)
    {
        if (cloud.ClientCertificate is not { } certificate || cloud.ClientKey is not { } sealedKey) return null;
        try
        {
            if (secrets.TryOpen(SecretPurpose.ClientKey, sealedKey) is { } key) return TargetPipeline.ClientCertificateOf(certificate, key);
            LogKeyUnreadable(cloud.Name);
        }
        catch (CryptographicException)
        {
            LogKeyUnreadable(cloud.Name);
        }

        return null;
    }
}
