using Microsoft.EntityFrameworkCore.Design;
using OcfCloud.Core.Storage;
using OcfCloud.Identity;

namespace OcfCloud.Storage.Sqlite;

/// <summary>
/// The model of all rooms for <c>dotnet ef</c>. As long as nothing is released there is one initial migration; whoever changes an entity makes it anew
/// for both providers, from the root of the repository:
/// <code>
/// dotnet tool restore
/// rm -r src/OcfCloud.Storage.Sqlite/Migrations
/// dotnet ef migrations add Initial --project src/OcfCloud.Storage.Sqlite
/// rm -r src/OcfCloud.Storage.PostgreSql/Migrations
/// dotnet ef migrations add Initial --project src/OcfCloud.Storage.PostgreSql
/// </code>
/// </summary>
internal sealed class SqliteDesignFactory : IDesignTimeDbContextFactory<CloudDbContext>
{
    public CloudDbContext CreateDbContext(string[] args) =>
        new(SqliteDialect.OptionsOf("Data Source=design.db"), Contributions);

    /// <summary>Every room that stores something.</summary>
    internal static IReadOnlyList<IModelContribution> Contributions { get; } = [new CoreModel(), new IdentityModel()];
}
