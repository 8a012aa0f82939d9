using Microsoft.EntityFrameworkCore;
using OcfCloud.CloudLinking.EventReceiver;
using OcfCloud.CloudLinking.LinkedAccounts;
using OcfCloud.CloudLinking.LinkedClouds;
using OcfCloud.CloudLinking.Synchronisation;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking;

/// <summary>This room's part of the one model.</summary>
public sealed class CloudLinkingModel : IModelContribution
{
    private const int MaxUrlLength = 2048;

    /// <inheritdoc/>
    public void Configure(ModelBuilder model)
    {
        model.Entity<LinkedCloud>(cloud =>
        {
            cloud.ToTable("linked_clouds");
            cloud.HasKey(c => c.Id);
            cloud.Property(c => c.Id).ValueGeneratedNever();
            cloud.Property(c => c.Name).HasMaxLength(LinkedCloud.MaxNameLength);
            cloud.HasIndex(c => c.Name).IsUnique();
            cloud.Property(c => c.Url).HasMaxLength(MaxUrlLength);
            cloud.Property(c => c.AuthorizationEndpoint).HasMaxLength(MaxUrlLength);
            cloud.Property(c => c.TokenEndpoint).HasMaxLength(MaxUrlLength);
            cloud.Property(c => c.RevocationEndpoint).HasMaxLength(MaxUrlLength);
        });
        ConfigureAccounts(model);
        ConfigureSubscriptions(model);
    }

    private static void ConfigureAccounts(ModelBuilder model)
    {
        model.Entity<LinkedAccount>(account =>
        {
            account.ToTable("linked_accounts");
            account.HasKey(a => a.Id);
            account.Property(a => a.Id).ValueGeneratedNever();
            account.Property(a => a.Trouble).HasMaxLength(LinkedAccount.MaxTroubleLength);
            account.HasIndex(a => new { a.UserId, a.LinkedCloudId }).IsUnique().HasFilter($"\"State\" <> {(int)AccountState.Unlinking}");
            account.HasIndex(a => a.DueAt);
            account.HasOne<LinkedCloud>().WithMany().HasForeignKey(a => a.LinkedCloudId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<LinkAttempt>(attempt =>
        {
            attempt.ToTable("link_attempts");
            attempt.HasKey(a => a.StateHash);
            attempt.HasIndex(a => a.UserId);
            attempt.HasIndex(a => a.ExpiresAt);
            attempt.Property(a => a.RedirectUri).HasMaxLength(MaxUrlLength);
            attempt.HasOne<LinkedCloud>().WithMany().HasForeignKey(a => a.LinkedCloudId).OnDelete(DeleteBehavior.Cascade);
        });
    }

    private static void ConfigureSubscriptions(ModelBuilder model)
    {
        model.Entity<RemoteSubscription>(subscription =>
        {
            subscription.ToTable("remote_subscriptions");
            subscription.HasKey(s => s.Id);
            subscription.Property(s => s.Id).ValueGeneratedNever();
            subscription.Property(s => s.Href).HasMaxLength(ResourceHref.MaxLength);
            subscription.Property(s => s.SubscriptionId).HasMaxLength(RemoteSubscription.MaxSubscriptionIdLength);
            subscription.HasIndex(s => new { s.AccountId, s.DeviceId, s.Href });
            subscription.HasIndex(s => new { s.AccountId, s.State, s.Level, s.MadeAt });
            subscription.HasOne<LinkedAccount>().WithMany().HasForeignKey(s => s.AccountId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<ResourceInterest>(interest =>
        {
            interest.ToTable("resource_interests");
            interest.HasKey(i => new { i.RemoteSubscriptionId, i.Node });
            interest.HasIndex(i => i.Until);
            interest.HasOne<RemoteSubscription>().WithMany().HasForeignKey(i => i.RemoteSubscriptionId).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<InboxEvent>(received =>
        {
            received.ToTable("inbox_events");
            received.HasKey(e => new { e.RemoteSubscriptionId, e.SequenceNumber });
            received.Property(e => e.SequenceNumber).ValueGeneratedNever();
            received.Property(e => e.EventType).HasMaxLength(64);
            received.Property(e => e.ContentType).HasMaxLength(256);
            received.HasIndex(e => new { e.AccountId, e.RemoteSubscriptionId, e.SequenceNumber });
            received.HasOne<RemoteSubscription>().WithMany().HasForeignKey(e => e.RemoteSubscriptionId).OnDelete(DeleteBehavior.Cascade);
        });
    }
}
