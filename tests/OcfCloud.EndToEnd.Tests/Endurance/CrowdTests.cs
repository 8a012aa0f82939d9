using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>Many connections at once, with breaks and returns in between: nothing gets lost, nothing gets mixed up. With more of them and for longer: <see cref="CrowdFigures"/>.</summary>
public sealed class CrowdTests(PostgreSqlFixture postgreSql)
{
    private const int Devices = 60, Clients = 15, Seed = 2;

    // On a slow machine it takes longer until they have done what proves something.
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(4), MostTime = TimeSpan.FromSeconds(90);

    // What was not done proves nothing.
    private static readonly (string Deed, int Least)[] Least = [("GET 2.05", 300), ("POST 2.04", 150), ("notification", 150), ("GET 5.03", 3)];

    [Fact]
    public Task Sixty_devices_and_fifteen_clients_on_SQLite() => LiveAsync(TestStore.Sqlite, Devices, Clients, Time, Least);

    [Fact]
    public async Task Sixty_devices_and_fifteen_clients_on_PostgreSQL()
    {
        postgreSql.Require();
        await LiveAsync(new TestStore("PostgreSql", await postgreSql.CreateMigratedDatabaseAsync()), Devices, Clients, Time, Least);
    }

    internal static async Task LiveAsync(TestStore store, int devices, int clients, TimeSpan time, (string Deed, int Least)[] least)
    {
        await using var cloud = await Cloud.StartAsync(store, "Devices:TwinSpread=00:00:02");
        await using var crowd = await Crowd.GatherAsync(cloud, devices, clients, Seed);
        await crowd.LiveAsync(time, MostTime, () => least.All(l => crowd.Findings.CountOf(l.Deed) >= l.Least));
        await crowd.CheckAllAsync();

        foreach (var (what, count) in crowd.Findings.Counts.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {count}");
        }

        crowd.Findings.AssertNone();
        Assert.All(least, l => Assert.True(crowd.Findings.CountOf(l.Deed) >= l.Least, $"{l.Deed}: {crowd.Findings.CountOf(l.Deed)}"));
    }
}
