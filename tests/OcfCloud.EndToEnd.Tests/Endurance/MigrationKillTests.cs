using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>A host that is killed while it makes its store comes up at the next start; where it is killed later, whoever uses the store next, here a command, completes it.</summary>
public sealed class MigrationKillTests(PostgreSqlFixture postgreSql)
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(40, false)]
    [InlineData(120, false)]
    [InlineData(300, false)]
    [InlineData(700, false)]
    public Task Killed_in_its_first_migration_on_SQLite(int milliseconds, bool comesUp) => KillAsync(TestStore.Sqlite, milliseconds, comesUp);

    [Theory]
    [InlineData(0, false)]
    [InlineData(150, false)]
    [InlineData(500, true)]
    public async Task Killed_in_its_first_migration_on_PostgreSQL(int milliseconds, bool comesUp)
    {
        postgreSql.Require();
        await KillAsync(new TestStore("PostgreSql", await postgreSql.CreateDatabaseAsync()), milliseconds, comesUp);
    }

    private static async Task KillAsync(TestStore store, int milliseconds, bool comesUp)
    {
        using var folder = new TemporaryFolder();
        var data = folder.File("data");
        await using (var first = BareHost.Launch(data, store))
        {
            // From here on it migrates.
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!File.Exists(Path.Combine(data, "migrate.lock")) && !first.HasExited)
            {
                await Task.Delay(1, deadline.Token);
            }

            Assert.False(first.HasExited, first.Transcript);
            await Task.Delay(milliseconds, deadline.Token);
            await first.KillAsync();
        }

        if (!comesUp)
        {
            (await CommandProcess.Shared.RunAsync(["user", "add", "alice", "--json", .. BareHost.Arguments(data), .. store.Arguments])).Succeeded();
            return;
        }

        await using var second = BareHost.Launch(data, store);
        await second.WaitForAsync("^coaps coaps\\+tcp://");
        second.Terminate();
        Assert.Equal(0, await second.WaitForExitAsync());
        Assert.DoesNotContain(second.Output, line => line.Contains("[ERR]", StringComparison.Ordinal) || line.Contains("[FTL]", StringComparison.Ordinal));
    }
}
