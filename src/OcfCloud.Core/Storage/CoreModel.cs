using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.AccessRules;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Mirrors;
using OcfCloud.Core.Refusals;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tokens;
using OcfCloud.Core.Twins;

namespace OcfCloud.Core.Storage;

/// <summary>The entities of this room.</summary>
internal sealed class CoreModel : IModelContribution
{
    public void Configure(ModelBuilder model)
    {
        ConfigureDevices(model);
        ConfigureTokens(model);
        ConfigureDirectory(model);
        ConfigureRules(model);
        model.Entity<OutboxRow>(row =>
        {
            row.ToTable("outbox");
            row.HasKey(r => r.Id);
            row.Property(r => r.Href).HasMaxLength(ResourceHref.MaxLength);
            // What a new subscription asks, and a device that comes back, however much waits.
            row.HasIndex(r => new { r.DeviceId, r.Id });
        });
        SubscriptionModel.Configure(model);
        MirrorModel.Configure(model);
        AuditModel.Configure(model);
    }

    private static void ConfigureDevices(ModelBuilder model)
    {
        model.Entity<Device>(device =>
        {
            device.ToTable("devices");
            device.HasKey(d => d.Id);
            device.Property(d => d.Id).ValueGeneratedNever();
            device.Property(d => d.Name).HasMaxLength(256);
            device.HasIndex(d => d.UserId);
            device.HasIndex(d => d.NodeId);
        });
        // Of devices that are not registered too: no foreign key.
        model.Entity<DeviceRefusalRow>(refusal =>
        {
            refusal.ToTable("device_refusals");
            refusal.HasKey(r => r.DeviceId);
            refusal.Property(r => r.DeviceId).ValueGeneratedNever();
            refusal.Property(r => r.What).HasMaxLength(DeviceRefusalRow.MaxWordLength);
            refusal.Property(r => r.Code).HasMaxLength(DeviceRefusalRow.MaxCodeLength);
            refusal.Property(r => r.Reason).HasMaxLength(DeviceRefusalRow.MaxWordLength);
            refusal.Property(r => r.Text).HasMaxLength(DeviceRefusalRow.MaxTextLength);
            refusal.HasIndex(r => r.At);
        });
        model.Entity<UserRow>(user =>
        {
            user.ToTable("user_rows");
            user.HasKey(u => u.Id);
            user.Property(u => u.Id).ValueGeneratedNever();
        });
        model.Entity<Node>(node =>
        {
            node.ToTable("nodes");
            node.HasKey(n => n.Id);
            node.Property(n => n.Id).ValueGeneratedNever();
        });
    }

    private static void ConfigureTokens(ModelBuilder model)
    {
        model.Entity<OneTimeTokenRow>(token =>
        {
            token.ToTable("one_time_tokens");
            token.HasKey(t => t.Hash);
            token.HasIndex(t => t.UserId);
            token.HasIndex(t => t.ExpiresAt);
        });
        model.Entity<TokenFamily>(family =>
        {
            family.ToTable("token_families");
            family.HasKey(f => f.Id);
            family.Property(f => f.Id).ValueGeneratedNever();
            family.HasIndex(f => f.UserId);
            family.HasOne<Device>().WithMany().HasForeignKey(f => f.DeviceId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<TokenGeneration>(generation =>
        {
            generation.ToTable("token_generations");
            generation.HasKey(g => new { g.FamilyId, g.Number });
            generation.HasIndex(g => g.AccessHash).IsUnique();
            generation.HasIndex(g => g.RefreshHash).IsUnique();
            generation.HasOne(g => g.Family).WithMany().HasForeignKey(g => g.FamilyId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void ConfigureDirectory(ModelBuilder model)
    {
        model.Entity<LinkRow>(link =>
        {
            link.ToTable("links");
            link.HasKey(l => new { l.DeviceId, l.Ins });
            link.Property(l => l.Ins).ValueGeneratedNever();
            link.HasIndex(l => new { l.DeviceId, l.Href }).IsUnique();
            link.HasIndex(l => l.UserId);
            link.HasIndex(l => l.ExpiresAt);
            link.Property(l => l.Href).HasMaxLength(ResourceHref.MaxLength);
            link.Property(l => l.Rt).IsTextArray();
            link.Property(l => l.If).IsTextArray();
            link.HasOne<Device>().WithMany().HasForeignKey(l => l.DeviceId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<TwinRow>(twin =>
        {
            twin.ToTable("twins");
            twin.HasKey(t => new { t.DeviceId, t.Href });
            twin.HasOne<Device>().WithMany().HasForeignKey(t => t.DeviceId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void ConfigureRules(ModelBuilder model)
    {
        model.Entity<AccessRuleRow>(rule =>
        {
            rule.ToTable("access_rules");
            rule.HasKey(r => new { r.UserId, r.Position });
            rule.Property(r => r.Position).ValueGeneratedNever();
            rule.Property(r => r.Subject).HasMaxLength(AccessRule.MaxSubjectLength);
            rule.Property(r => r.Href).HasMaxLength(AccessRule.MaxHrefLength);
        });
        model.Entity<AccessRefusalRow>(refusal =>
        {
            refusal.ToTable("access_refusals");
            refusal.HasKey(r => r.Id);
            refusal.HasIndex(r => new { r.UserId, r.Id });
        });
    }
}
