using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;

namespace OcfCloud.Core.Subscriptions;

/// <summary>The tables of subscriptions: what was asked for, what waits, and how sending goes.</summary>
internal static class SubscriptionModel
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<SubscriptionRow>(subscription =>
        {
            subscription.ToTable("subscriptions");
            subscription.HasKey(s => s.Id);
            subscription.Property(s => s.Id).ValueGeneratedNever();
            subscription.Property(s => s.Client).HasMaxLength(256);
            subscription.Property(s => s.Href).HasMaxLength(ResourceHref.MaxLength);
            var kinds = new ValueComparer<EventKind[]>((a, b) => a!.SequenceEqual(b!), v => v.Aggregate(0, (h, k) => HashCode.Combine(h, k)), v => v.ToArray());
            subscription.Property(s => s.Kinds).HasConversion(v => Write(v), v => Read(v), kinds);
            subscription.Ignore(s => s.Target);
            // What the dispatcher asks for, a batch of events at once.
            subscription.HasIndex(s => new { s.UserId, s.Level });
            subscription.HasIndex(s => new { s.DeviceId, s.Level, s.Href });
            subscription.HasIndex(s => s.Client);
        });
        model.Entity<NotificationRow>(notification =>
        {
            notification.ToTable("notifications");
            notification.HasKey(n => new { n.SubscriptionId, n.Number });
            notification.Property(n => n.Number).ValueGeneratedNever();
            notification.HasOne<SubscriptionRow>().WithMany().HasForeignKey(n => n.SubscriptionId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<DeliveryRow>(delivery =>
        {
            delivery.ToTable("deliveries");
            delivery.HasKey(d => d.SubscriptionId);
            delivery.Property(d => d.SubscriptionId).ValueGeneratedNever();
            delivery.Property(d => d.LastFailure).HasMaxLength(DeliveryQueue.MaxFailureLength);
            // One index a lane, without those that wait for nothing.
            delivery.HasIndex(["DueAt"], "IX_deliveries_first").HasFilter("""
                "FailedAttempts" = 0 AND "DueAt" IS NOT NULL
                """);
            delivery.HasIndex(["DueAt"], "IX_deliveries_retry").HasFilter("""
                "FailedAttempts" > 0 AND "DueAt" IS NOT NULL
                """);
            delivery.HasIndex(d => d.Owner);
            delivery.HasOne<SubscriptionRow>().WithOne().HasForeignKey<DeliveryRow>(d => d.SubscriptionId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static string Write(EventKind[] kinds) => string.Join(',', kinds.Select(k => ((int)k).ToString(CultureInfo.InvariantCulture)));

    private static EventKind[] Read(string text) => [.. text.Split(',').Select(k => (EventKind)int.Parse(k, CultureInfo.InvariantCulture))];
}
