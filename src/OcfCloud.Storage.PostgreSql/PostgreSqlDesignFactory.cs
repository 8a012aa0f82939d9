using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Infrastructure;
using OcfCloud.CloudLinking;
using OcfCloud.Core.Storage;
using OcfCloud.Identity;
using OcfCloud.Onvif;

namespace OcfCloud.Storage.PostgreSql;

/// <summary>The model of all rooms for <c>dotnet ef</c>. How a migration is added is said at <c>SqliteDesignFactory</c>; both providers get it together.</summary>
internal sealed class PostgreSqlDesignFactory : IDesignTimeDbContextFactory<CloudDbContext>
{
    public CloudDbContext CreateDbContext(string[] args) =>
        new(new CloudContextOptions(Contributions, locksRows: true).In(
            new DbContextOptionsBuilder<CloudDbContext>()
                .UseNpgsql("Host=localhost;Database=design", PostgreSqlDialect.Configure)
                .ReplaceService<IModelCacheKeyFactory, ContributedModelCacheKey>()
                .Options));

    /// <summary>Every room that stores something.</summary>
    internal static IReadOnlyList<IModelContribution> Contributions { get; } = [new CoreModel(), new IdentityModel(), new CloudLinkingModel(), new OnvifModel()];
}
