using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OcfCloud.Identity.KeyRing;

internal sealed class KeyRingElementConfiguration : IEntityTypeConfiguration<KeyRingElement>
{
    public void Configure(EntityTypeBuilder<KeyRingElement> builder)
    {
        builder.ToTable("key_ring");
        builder.HasKey(element => element.Id);
        builder.Property(element => element.FriendlyName).HasMaxLength(256);
        builder.Property(element => element.Xml).HasMaxLength(32_768);
    }
}
