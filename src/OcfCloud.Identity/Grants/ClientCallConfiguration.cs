using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace OcfCloud.Identity.Grants;

internal sealed class ClientCallConfiguration : IEntityTypeConfiguration<ClientCall>
{
    public void Configure(EntityTypeBuilder<ClientCall> builder)
    {
        builder.ToTable("client_calls");
        builder.HasKey(call => new { call.UserId, call.ClientId });
        builder.Property(call => call.ClientId).HasMaxLength(100);
    }
}
