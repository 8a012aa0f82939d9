using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;

namespace OcfCloud.Core.Storage;

/// <summary>The one context: its model is what the rooms contribute. Made by <see cref="Store"/>; writing goes through <see cref="Store.WriteAsync{T}"/>.</summary>
public sealed class CloudDbContext : DbContext
{
    private readonly CloudContextOptions _cloud;

    /// <summary>Makes a context.</summary>
    /// <param name="options">The provider's options, and the rooms' parts of the model with them.</param>
    public CloudDbContext(DbContextOptions<CloudDbContext> options)
        : base(options) => _cloud = options.GetExtension<CloudContextOptions>();

    /// <summary>Whether rows have to be locked by FOR UPDATE; else a write transaction is alone anyway.</summary>
    public bool LocksRows => _cloud.LocksRows;

    /// <summary>What tells its model from that of another set of rooms.</summary>
    internal string ModelKey => _cloud.ModelKey;

    /// <summary>Whether this context wrote an event, so the dispatcher has to be woken after the commit.</summary>
    internal bool HasEvents { get; set; }

    /// <summary>For a context that saves by itself: the store whose other writers it takes turns with.</summary>
    internal Store? SavesThrough { get; init; }

    /// <inheritdoc/>
    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default) =>
        SavesThrough is { } store && Database.CurrentTransaction is null
            ? store.InTurnAsync(() => base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken), cancellationToken)
            : base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        // SQLite can neither order nor compare a DateTimeOffset: UTC ticks on both.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
        configurationBuilder.Properties<DeviceId>().HaveConversion<DeviceIdConverter>();
        configurationBuilder.Properties<UserId>().HaveConversion<UserIdConverter>();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        foreach (var contribution in _cloud.Contributions) contribution.Configure(modelBuilder);
    }
}
