using Microsoft.Data.Sqlite;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Cameras;

/// <summary>Tests that kill one cloud, one after the other.</summary>
[CollectionDefinition(nameof(KilledCloud))]
public sealed class KilledCloudsTests : ICollectionFixture<KilledCloud>;

/// <summary>A cloud of these tests, which is killed while a camera goes from one cloud to another, and comes back on its store.</summary>
public sealed class KilledCloud(SharedPrograms shared, PostgreSqlFixture postgreSql) : IAsyncLifetime
{
    /// <summary>How a camera misbehaves that answers slowly enough for a kill to hit between the noting of one step and the noting of the next.</summary>
    internal const string Slow = "latency=100";

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5), Period = TimeSpan.FromMilliseconds(10);

    private readonly CameraClouds _clouds = shared.CameraClouds(postgreSql);

    /// <summary>It.</summary>
    internal CameraCloud Victim { get; private set; } = null!;

    /// <summary>The other cloud, which others use at the same time.</summary>
    internal Task<CameraCloud> Other => _clouds.B;

    public async ValueTask InitializeAsync() => Victim = await _clouds.StartAnotherAsync();

    public ValueTask DisposeAsync() => Victim.DisposeAsync();

    /// <summary>
    /// Kills it whenever so many further steps of a share are noted, until the last one is. To look at the camera changes nothing there: such steps are not counted.
    /// </summary>
    /// <param name="path">Of the share, at the victim.</param>
    /// <param name="end">The last step.</param>
    /// <param name="atLeast">Kills: else the test was none.</param>
    /// <param name="every">Steps between two kills: 1 = after every one.</param>
    /// <param name="from">The first step to kill after: each costs a start, and those before it are another test's; null: the first of all.</param>
    internal async Task KillAgainAndAgainAsync(string path, string end, int atLeast, int every, string? from = null)
    {
        var share = Guid.Parse(path[(path.LastIndexOf('/') + 1)..]);
        var deadline = DateTime.UtcNow + Deadline;
        for (var (kills, seen) = (0, 0); ;)
        {
            List<string> steps;
            using (var store = Open())
            using (var poll = new PeriodicTimer(Period))
            {
                for (steps = Steps(store, share, from); steps.Count < seen + every && !steps.Contains(end); steps = Steps(store, share, from))
                {
                    Assert.True(DateTime.UtcNow < deadline, $"after {kills} kills: {string.Join(' ', steps)}");
                    await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
                }

                if (steps[^1] == end)
                {
                    Assert.True(kills >= atLeast, $"killed {kills} times: {string.Join(' ', steps)}");
                    return;
                }

                await Victim.Cloud.KillAsync();
            }

            (kills, seen) = (kills + 1, steps.Count);
            await Victim.Cloud.StartAsync();
        }
    }

    // In its store and not of itself: it has just started, and would be slower to answer than the camera. Whoever only reads leaves the log of a killed writer as it is.
    private SqliteConnection Open()
    {
        var store = new SqliteConnection($"Data Source={Path.Combine(Victim.Cloud.DataDirectory, "ocfcloud.db")};Mode=ReadOnly;Pooling=False");
        store.Open();
        return store;
    }

    private static List<string> Steps(SqliteConnection store, Guid share, string? from)
    {
        using var command = store.CreateCommand();
        command.CommandText = """SELECT "Name" FROM share_steps WHERE "ShareId" = $share ORDER BY "Number" """;
        command.Parameters.AddWithValue("$share", share);
        using var rows = command.ExecuteReader();
        var steps = new List<string>();
        while (rows.Read()) steps.Add(rows.GetString(0));
        return [.. steps.Where(step => !step.StartsWith("Get", StringComparison.Ordinal)).SkipWhile(step => from is not null && step != from)];
    }
}
