using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Tests.Uplink.Support;

/// <summary>Tokens that are a client's id with a word before it, and certificates that were given to clients.</summary>
internal sealed class TestCredentials : IDeviceCredentials
{
    public const string Good = "secret-of-", Narrow = "narrow-of-";

    public ConcurrentDictionary<string, string> Certificates { get; } = new(StringComparer.Ordinal);

    public Task<DeviceTokenCheck> CheckAsync(string token, CancellationToken cancellationToken) => Task.FromResult(
        token.StartsWith(Good, StringComparison.Ordinal) ? new DeviceTokenCheck(token[Good.Length..], true)
        : token.StartsWith(Narrow, StringComparison.Ordinal) ? new DeviceTokenCheck(token[Narrow.Length..], false)
        : new DeviceTokenCheck(null, false));

    public Task<string?> FindAsync(X509Certificate2 certificate, CancellationToken cancellationToken) =>
        Task.FromResult(Certificates.GetValueOrDefault(certificate.Thumbprint));
}
