using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace OcfCloud.Core.Storage;

/// <summary>What a context needs beside its provider's options. They carry it, as EF pools only contexts that are made of nothing else.</summary>
/// <param name="contributions">The rooms' parts of the model; the model is built once for each set of their types.</param>
/// <param name="locksRows">Whether rows have to be locked by FOR UPDATE; else a write transaction is alone anyway.</param>
internal sealed class CloudContextOptions(IReadOnlyList<IModelContribution> contributions, bool locksRows) : IDbContextOptionsExtension
{
    private DbContextOptionsExtensionInfo? _info;

    public IReadOnlyList<IModelContribution> Contributions { get; } = contributions;

    public bool LocksRows { get; } = locksRows;

    /// <summary>What tells the model from that of another set of rooms.</summary>
    public string ModelKey { get; } = string.Join('|', contributions.Select(c => c.GetType().FullName));

    public DbContextOptionsExtensionInfo Info => _info ??= new Same(this);

    /// <summary>Adds it to the options of a provider.</summary>
    // Pooled contexts live on: who begins to listen to statements would not hear those of the next second.
    public DbContextOptions<CloudDbContext> In(DbContextOptions<CloudDbContext> options) =>
        (DbContextOptions<CloudDbContext>)new DbContextOptionsBuilder<CloudDbContext>(options).ConfigureLoggingCacheTime(TimeSpan.Zero).Options.WithExtension(this);

    public void ApplyServices(IServiceCollection services)
    {
    }

    public void Validate(IDbContextOptions options)
    {
    }

    // No service of EF depends on it.
    private sealed class Same(IDbContextOptionsExtension extension) : DbContextOptionsExtensionInfo(extension)
    {
        public override bool IsDatabaseProvider => false;

        public override string LogFragment => "";

        public override int GetServiceProviderHashCode() => 0;

        public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is Same;

        public override void PopulateDebugInfo(IDictionary<string, string> debugInfo)
        {
        }
    }
}
