using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OcfCloud.Identity.SigningKeys;

internal sealed class SigningKeyConfiguration : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> builder)
    {
        builder.ToTable("signing_keys");
        builder.HasKey(key => key.Id);
        builder.Property(key => key.Id).HasMaxLength(32);
        builder.Property(key => key.ProtectedKey).HasMaxLength(4096);
    }
}
