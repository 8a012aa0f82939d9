using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>Many connections at once, with breaks and returns in between: nothing gets lost, nothing gets mixed up.</summary>
public sealed class CrowdTests(PostgreSqlFixture postgreSql)
{
    private const int Devices = 200, Clients = 50, Seed = 2;

    // On a slow machine it takes longer until they have done what proves something.
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(10), MostTime = TimeSpan.FromSeconds(90);

    // What was not done proves nothing.
    private static readonly (string Deed, int Least)[] Least = [("GET 2.05", 1_500), ("POST 2.04", 750), ("notification", 750), ("GET 5.03", 10)];

    [Fact]
    public Task Two_hundred_devices_and_fifty_clients_on_SQLite() => LiveAsync(TestStore.Sqlite);

    [Fact]
    public async Task Two_hundred_devices_and_fifty_clients_on_PostgreSQL()
    {
        postgreSql.Require();
        await LiveAsync(new TestStore("PostgreSql", await postgreSql.CreateDatabaseAsync()));
    }

    private static async Task LiveAsync(TestStore store)
    {
        await using var cloud = await Cloud.StartAsync(store, "Devices:TwinSpread=00:00:02");
        await using var crowd = await Crowd.GatherAsync(cloud, Devices, Clients, Seed);
        await crowd.LiveAsync(Time, MostTime, () => Least.All(l => crowd.Findings.CountOf(l.Deed) >= l.Least));
        await crowd.CheckAllAsync();

        foreach (var (what, count) in crowd.Findings.Counts.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {count}");
        }

        crowd.Findings.AssertNone();
        Assert.All(Least, l => Assert.True(crowd.Findings.CountOf(l.Deed) >= l.Least, $"{l.Deed}: {crowd.Findings.CountOf(l.Deed)}"));
    }
}
