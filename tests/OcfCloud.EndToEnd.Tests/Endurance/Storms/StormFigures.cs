using System.Diagnostics;
using System.Globalization;
using OcfCloud.EndToEnd.Events;
using OcfCloud.EndToEnd.Harness;
using OcfCloud.Testing;

namespace OcfCloud.EndToEnd.Endurance.Storms;

/// <summary>The same as <see cref="StormTests"/> at full load, ten kills, for docs/reliability.md.</summary>
[Trait("Kind", "Figures")]
public sealed class StormFigures(PostgreSqlFixture postgreSql, ITestOutputHelper output)
{
    private const int Kills = 10;

    [Fact(Explicit = true)]
    public Task Ten_kills_on_SQLite() => KillAsync(TestStore.Sqlite);

    [Fact(Explicit = true)]
    public async Task Ten_kills_on_PostgreSQL()
    {
        postgreSql.Require();
        await KillAsync(new TestStore("PostgreSql", await postgreSql.CreateMigratedDatabaseAsync()));
    }

    private async Task KillAsync(TestStore store)
    {
        using var certificate = new OwnCertificate();
        await using var receiver = await EventReceiver.StartAsync(certificate);
        await using var cloud = await StormTests.StartAsync(certificate, store);
        await using var storm = await Storm.GatherAsync(cloud, receiver, devices: 100, visitors: 20, subscribers: 8);
        var begun = Stopwatch.GetTimestamp();
        for (var kill = 0; kill < Kills; kill++)
        {
            // Never at the same moment of a period.
            await storm.LiveUntilKilledAsync(answers: 1_000, TimeSpan.FromSeconds(5 + Random.Shared.NextDouble()));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"kill {kill + 1}: {storm.Answered} answered writes so far, {storm.Unanswered} without an answer, after {Stopwatch.GetElapsedTime(begun):mm\\:ss}"));
        }

        await storm.EndAsync(answers: 1_000);
        output.WriteLine($"{storm.Answered} answered writes, {storm.Unanswered} requests without an answer, {storm.Events} notifications received");
    }
}
