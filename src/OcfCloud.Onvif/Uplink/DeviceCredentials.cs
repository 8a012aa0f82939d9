using System.Security.Cryptography.X509Certificates;
using OcfCloud.Identity.DeviceClients;

namespace OcfCloud.Onvif.Uplink;

/// <summary>The credentials that the authorization server knows.</summary>
internal sealed class DeviceCredentials(DeviceTokens tokens, DeviceClientRegister clients) : IDeviceCredentials
{
    public Task<DeviceTokenCheck> CheckAsync(string token, CancellationToken cancellationToken) => tokens.CheckAsync(token, cancellationToken);

    public Task<string?> FindAsync(X509Certificate2 certificate, CancellationToken cancellationToken) => clients.FindAsync(certificate, cancellationToken);
}
