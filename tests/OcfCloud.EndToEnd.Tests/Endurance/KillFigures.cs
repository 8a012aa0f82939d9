using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>The same as <see cref="KillTests"/> with ten kills, by hand.</summary>
[Trait("Kind", "Figures")]
public sealed class KillFigures(PostgreSqlFixture postgreSql)
{
    private const int Rounds = 10;

    [Fact(Explicit = true)]
    public Task Ten_kills_on_SQLite() => KillTests.KillAsync(TestStore.Sqlite, Rounds);

    [Fact(Explicit = true)]
    public async Task Ten_kills_on_PostgreSQL()
    {
        postgreSql.Require();
        await KillTests.KillAsync(new TestStore("PostgreSql", await postgreSql.CreateMigratedDatabaseAsync()), Rounds);
    }
}
