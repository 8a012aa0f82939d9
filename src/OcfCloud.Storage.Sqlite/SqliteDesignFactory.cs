using Microsoft.EntityFrameworkCore.Design;
using OcfCloud.CloudLinking;
using OcfCloud.Core.Storage;
using OcfCloud.Identity;
using OcfCloud.Onvif;

namespace OcfCloud.Storage.Sqlite;

/// <summary>
/// The model of all rooms for <c>dotnet ef</c>. Whoever changes an entity adds a migration to both providers, from the root of the repository:
/// <code>
/// dotnet tool restore
/// dotnet ef migrations add NAME --project src/OcfCloud.Storage.Sqlite
/// dotnet ef migrations add NAME --project src/OcfCloud.Storage.PostgreSql
/// </code>
/// </summary>
internal sealed class SqliteDesignFactory : IDesignTimeDbContextFactory<CloudDbContext>
{
    public CloudDbContext CreateDbContext(string[] args) =>
        new(new CloudContextOptions(Contributions, locksRows: false).In(SqliteDialect.OptionsOf("Data Source=design.db")));

    /// <summary>Every room that stores something.</summary>
    internal static IReadOnlyList<IModelContribution> Contributions { get; } = [new CoreModel(), new IdentityModel(), new CloudLinkingModel(), new OnvifModel()];
}
