using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;

namespace OcfCloud.Onvif.Provisioning;

/// <inheritdoc cref="ICameraClients"/>
internal sealed class CameraClients(DeviceClientRegister register) : ICameraClients
{
    public Task RemoveAsync(CloudDbContext context, string clientId, CancellationToken cancellationToken) => register.RemoveAsync(context, clientId, cancellationToken);
}
