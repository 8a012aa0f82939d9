using Microsoft.EntityFrameworkCore;

namespace OcfCloud.Identity.DeviceClients;

/// <summary>The tables of devices that are clients.</summary>
internal static class DeviceClientModel
{
    private const int MaxClientIdLength = 64;

    public static void Configure(ModelBuilder model)
    {
        model.Entity<DeviceClientKey>(key =>
        {
            key.ToTable("device_client_keys");
            key.HasKey(k => k.Thumbprint);
            key.Property(k => k.Thumbprint).HasMaxLength(64);
            key.Property(k => k.ClientId).HasMaxLength(MaxClientIdLength);
            key.Property(k => k.KeyId).HasMaxLength(DeviceClientKey.MaxKeyIdLength);
            key.HasIndex(k => k.ClientId);
        });
        model.Entity<UsedAssertion>(assertion =>
        {
            assertion.ToTable("used_assertions");
            assertion.HasKey(a => new { a.ClientId, a.Jti });
            assertion.Property(a => a.ClientId).HasMaxLength(MaxClientIdLength);
            assertion.HasIndex(a => a.ExpiresAt);
        });
    }
}
