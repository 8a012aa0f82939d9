using Microsoft.Data.Sqlite;
using OcfCloud.EndToEnd.Endurance.Stores;
using OcfCloud.EndToEnd.Events;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Endurance.Storms;

/// <summary>
/// SIGKILL under load: the rules of the store hold, what was answered is there, every event comes at least once and in order. The long run by hand:
/// <code>dotnet run -c Release --project tests/OcfCloud.EndToEnd.Tests -- --explicit only --filter-class OcfCloud.EndToEnd.Endurance.Storms.StormFigures --show-live-output on</code>
/// </summary>
public sealed class StormTests
{
    private const int Kills = 2, Answers = 100;

    [Fact]
    public async Task Killed_under_load_the_cloud_keeps_what_it_answered_and_tells_every_event_in_order()
    {
        using var certificate = new OwnCertificate();
        await using var receiver = await EventReceiver.StartAsync(certificate);
        await using var cloud = await StartAsync(certificate, TestStore.Sqlite);
        await using var storm = await Storm.GatherAsync(cloud, receiver, devices: 6, visitors: 3, subscribers: 2);
        for (var kill = 0; kill < Kills; kill++) await storm.LiveUntilKilledAsync(Answers, TimeSpan.Zero);
        await storm.EndAsync(Answers);
        Assert.True(storm.Unanswered > 0, "every request was answered before the kill");
        await CheckTheCheckerAsync(cloud);
    }

    internal static Task<Cloud> StartAsync(OwnCertificate certificate, TestStore store) => Cloud.StartAsync(
        store, "Outbound:AllowedNetworks:0=127.0.0.1/32", $"Outbound:TrustAnchors:0={certificate.Path}", CloudFixture.LongTokens, "Events:RetryMax=00:00:05", "Nodes:Lease=00:00:03", "Nodes:LeaseRenewal=00:00:01",
        "Devices:MaxLinks=100000", "Devices:TwinSpread=00:00:00");

    // Each rule of what this store holds is broken in turn, and taken back: the checker has to see it.
    private static async Task CheckTheCheckerAsync(Cloud cloud)
    {
        await cloud.KillAsync();
        await using var connection = (SqliteConnection)await StoreCheck.OpenAsync(cloud);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA foreign_keys=OFF";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var seen = 0;
        foreach (var rule in StoreRules.All.Where(r => r.Breaking is not null))
        {
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            (command.CommandText, command.Transaction) = (rule.Breaking, (SqliteTransaction)transaction);
            if (await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken) == 0) continue;
            Assert.True((await StoreCheck.BrokenAsync(transaction, [rule])).Count == 1, $"nobody saw that this does not hold: {rule.Says}");
            seen++;
        }

        Assert.True(seen >= 25, $"only {seen} rules could be broken");
    }
}
