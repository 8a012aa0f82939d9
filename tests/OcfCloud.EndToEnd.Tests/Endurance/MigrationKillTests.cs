using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Endurance;

/// <summary>A host that is killed while it makes its store comes up at the next start.</summary>
public sealed class MigrationKillTests(PostgreSqlFixture postgreSql)
{
    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(120)]
    [InlineData(300)]
    [InlineData(700)]
    public Task Killed_in_its_first_migration_on_SQLite(int milliseconds) => KillAsync(TestStore.Sqlite, milliseconds);

    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    [InlineData(500)]
    public async Task Killed_in_its_first_migration_on_PostgreSQL(int milliseconds)
    {
        postgreSql.Require();
        await KillAsync(new TestStore("PostgreSql", await postgreSql.CreateDatabaseAsync()), milliseconds);
    }

    private static async Task KillAsync(TestStore store, int milliseconds)
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

        await using var second = BareHost.Launch(data, store);
        await second.WaitForAsync("^coaps coaps\\+tcp://");
        second.Terminate();
        Assert.Equal(0, await second.WaitForExitAsync());
        Assert.DoesNotContain(second.Output, line => line.Contains("[ERR]", StringComparison.Ordinal) || line.Contains("[FTL]", StringComparison.Ordinal));
    }
}
