using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OcfCloud.Identity.Users;

internal sealed class UserConfiguration : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users");
        builder.HasKey(user => user.Id);
        builder.Property(user => user.Id).ValueGeneratedNever();
        builder.Property(user => user.UserName).HasMaxLength(UserNameRules.MaxLength).IsRequired();
        builder.Property(user => user.NormalizedUserName).HasMaxLength(UserNameRules.MaxLength).IsRequired();
        builder.HasIndex(user => user.NormalizedUserName).IsUnique();
        builder.Property(user => user.PasswordHash).HasMaxLength(256);
        builder.Property(user => user.SecurityStamp).HasMaxLength(64);
        builder.Property(user => user.ConcurrencyStamp).HasMaxLength(64).IsConcurrencyToken();

        // No mail, no telephone, no second factor: what is not asked for is not kept.
        builder.Ignore(user => user.Email);
        builder.Ignore(user => user.NormalizedEmail);
        builder.Ignore(user => user.EmailConfirmed);
        builder.Ignore(user => user.PhoneNumber);
        builder.Ignore(user => user.PhoneNumberConfirmed);
        builder.Ignore(user => user.TwoFactorEnabled);
    }
}
