using System.Security.Cryptography.X509Certificates;
using OcfCloud.Identity.DeviceClients;

namespace OcfCloud.Onvif.Uplink;

/// <summary>By what a camera shows that it is a client of this cloud's authorization server.</summary>
internal interface IDeviceCredentials
{
    /// <summary>Checks an access token.</summary>
    Task<DeviceTokenCheck> CheckAsync(string token, CancellationToken cancellationToken);

    /// <summary>The client whose key is that of a certificate that the handshake showed to be held; null: nobody's.</summary>
    Task<string?> FindAsync(X509Certificate2 certificate, CancellationToken cancellationToken);
}
