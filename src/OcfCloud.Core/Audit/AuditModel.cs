using Microsoft.EntityFrameworkCore;

namespace OcfCloud.Core.Audit;

/// <summary>The audit record's table.</summary>
internal static class AuditModel
{
    public static void Configure(ModelBuilder model) => model.Entity<AuditEntryRow>(row =>
    {
        row.ToTable("audit_entries");
        row.HasKey(r => r.Id);
        row.Property(r => r.Kind).HasMaxLength(AuditEntryRow.MaxKindLength);
        row.Property(r => r.Actor).HasMaxLength(AuditEntryRow.MaxTextLength);
        row.Property(r => r.Subject).HasMaxLength(AuditEntryRow.MaxTextLength);
        row.Property(r => r.Detail).HasMaxLength(AuditEntryRow.MaxDetailLength);
        row.HasIndex(r => new { r.UserId, r.Id });
        row.HasIndex(r => new { r.Actor, r.Id });
        row.HasIndex(r => new { r.Kind, r.Id });
        row.HasIndex(r => r.LastAt);
    });
}
