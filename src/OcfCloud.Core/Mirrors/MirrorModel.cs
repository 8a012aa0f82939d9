using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Mirrors;

/// <summary>The tables of mirrored devices: keyed by user, cloud and device, for two clouds may tell of one device.</summary>
internal static class MirrorModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<MirroredDeviceRow>(device =>
        {
            device.ToTable("mirrored_devices");
            device.HasKey(d => new { d.UserId, d.LinkedCloudId, d.DeviceId });
            device.HasIndex(d => new { d.UserId, d.DeviceId });
            device.Property(d => d.Name).HasMaxLength(MirroredContent.MaxNameLength);
            device.Property(d => d.Types).IsTextArray();
        });
        model.Entity<MirroredLinkRow>(link =>
        {
            link.ToTable("mirrored_links");
            link.HasKey(l => new { l.UserId, l.LinkedCloudId, l.DeviceId, l.Href });
            link.Property(l => l.Href).HasMaxLength(ResourceHref.MaxLength);
            link.Property(l => l.Rt).IsTextArray();
            link.Property(l => l.If).IsTextArray();
            link.HasOne<MirroredDeviceRow>().WithMany().HasForeignKey(l => new { l.UserId, l.LinkedCloudId, l.DeviceId }).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<MirroredValueRow>(value =>
        {
            value.ToTable("mirrored_values");
            value.HasKey(v => new { v.UserId, v.LinkedCloudId, v.DeviceId, v.Href });
            value.Property(v => v.Href).HasMaxLength(ResourceHref.MaxLength);
            value.HasOne<MirroredDeviceRow>().WithMany().HasForeignKey(v => new { v.UserId, v.LinkedCloudId, v.DeviceId }).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
