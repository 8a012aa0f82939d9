using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.AuthorizationServer;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Identity.Grants;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.SigningKeys;
using OcfCloud.Identity.Users;

namespace OcfCloud.Identity;

/// <summary>This room's part of the one model: users, signing keys, the key ring, the authorization server, devices that are clients.</summary>
public sealed class IdentityModel : IModelContribution
{
    /// <inheritdoc/>
    public void Configure(ModelBuilder model)
    {
        model.ApplyConfiguration(new UserConfiguration());
        model.ApplyConfiguration(new SigningKeyConfiguration());
        model.ApplyConfiguration(new KeyRingElementConfiguration());
        model.ApplyConfiguration(new ClientCallConfiguration());
        AuthorizationServerModel.Configure(model);
        DeviceClientModel.Configure(model);
    }
}
