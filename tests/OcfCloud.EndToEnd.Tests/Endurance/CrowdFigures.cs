using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>The same as <see cref="CrowdTests"/> with more of them and for longer, by hand.</summary>
[Trait("Kind", "Figures")]
public sealed class CrowdFigures(PostgreSqlFixture postgreSql)
{
    private const int Devices = 200, Clients = 50;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(10);
    private static readonly (string Deed, int Least)[] Least = [("GET 2.05", 1_500), ("POST 2.04", 750), ("notification", 750), ("GET 5.03", 10)];

    [Fact(Explicit = true)]
    public Task Two_hundred_devices_and_fifty_clients_on_SQLite() => CrowdTests.LiveAsync(TestStore.Sqlite, Devices, Clients, Time, Least);

    [Fact(Explicit = true)]
    public async Task Two_hundred_devices_and_fifty_clients_on_PostgreSQL()
    {
        postgreSql.Require();
        await CrowdTests.LiveAsync(new TestStore("PostgreSql", await postgreSql.CreateMigratedDatabaseAsync()), Devices, Clients, Time, Least);
    }
}
