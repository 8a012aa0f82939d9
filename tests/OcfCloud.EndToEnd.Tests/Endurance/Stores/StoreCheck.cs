using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using OcfCloud.EndToEnd.Harness;

namespace OcfCloud.EndToEnd.Endurance.Stores;

/// <summary>Walks a cloud's store, from outside and in one snapshot, and says which rules are broken: while the host runs, or lies killed.</summary>
internal static class StoreCheck
{
    // Of one rule, in the message.
    private const int MostNamed = 5;

    public static async Task AssertAsync(Cloud cloud)
    {
        var broken = await BrokenAsync(cloud, StoreRules.All);
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    /// <summary>The broken rules, each with what breaks it.</summary>
    public static async Task<IReadOnlyList<string>> BrokenAsync(Cloud cloud, IEnumerable<StoreRule> rules)
    {
        await using var connection = await OpenAsync(cloud);
        // A reader's transaction: on SQLite the others are writers' and would hold up the host.
        await using DbTransaction snapshot = connection is SqliteConnection sqlite
            ? sqlite.BeginTransaction(deferred: true)
            : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        var broken = await BrokenAsync(snapshot, rules);
        if (connection is SqliteConnection && await ReadAsync(snapshot, "PRAGMA integrity_check") is var integrity && !integrity.SequenceEqual(["ok"]))
        {
            broken.Add("the file is damaged: " + string.Join(", ", integrity.Take(MostNamed)));
        }

        return broken;
    }

    public static async Task<List<string>> BrokenAsync(DbTransaction snapshot, IEnumerable<StoreRule> rules)
    {
        var broken = new List<string>();
        foreach (var rule in rules)
        {
            var found = await ReadAsync(snapshot, rule.Violations);
            if (found.Count > 0) broken.Add($"{rule.Says}: broken {found.Count} times, by {string.Join(", ", found.Take(MostNamed))}");
        }

        return broken;
    }

    public static async Task<DbConnection> OpenAsync(Cloud cloud)
    {
        DbConnection connection = cloud.Store.ConnectionString is { } server
            ? new NpgsqlConnection(server)
            : new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(cloud.DataDirectory, "ocfcloud.db"), Pooling = false }.ToString());
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<List<string>> ReadAsync(DbTransaction snapshot, string query)
    {
        await using var command = snapshot.Connection!.CreateCommand();
        (command.CommandText, command.Transaction) = (query, snapshot);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(reader.GetValue(0).ToString() ?? "");
        return rows;
    }
}
