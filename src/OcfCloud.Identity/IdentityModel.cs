using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.KeyRing;
using OcfCloud.Identity.SigningKeys;
using OcfCloud.Identity.Users;

namespace OcfCloud.Identity;

/// <summary>This room's part of the one model: users, signing keys, the key ring.</summary>
public sealed class IdentityModel : IModelContribution
{
    /// <inheritdoc/>
    public void Configure(ModelBuilder model)
    {
        model.ApplyConfiguration(new UserConfiguration());
        model.ApplyConfiguration(new SigningKeyConfiguration());
        model.ApplyConfiguration(new KeyRingElementConfiguration());
    }
}
