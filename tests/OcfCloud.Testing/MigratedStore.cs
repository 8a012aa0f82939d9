using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core;
using OcfCloud.Core.Storage;
using OcfCloud.Storage.PostgreSql;

namespace OcfCloud.Testing;

/// <summary>
/// New stores for tests that do not test migrations: those run once, and what they made is copied after that; on PostgreSQL by
/// <see cref="PostgreSqlFixture.CreateMigratedDatabaseAsync"/>.
/// </summary>
public static class MigratedStore
{
    private static readonly SemaphoreSlim One = new(1);
    private static byte[]? _made;

    /// <summary>Brings the store of these services to the model of this release.</summary>
    public static async Task MigrateStoreAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<StoreOptions>();
        if (options.Provider == StoreProvider.PostgreSql && PostgreSqlFixture.IsMigrated(options.ConnectionString))
        {
            Directory.CreateDirectory(options.DataDirectory);
            return;
        }

        var file = Path.Combine(options.DataDirectory, "ocfcloud.db");
        if (options.Provider != StoreProvider.Sqlite || File.Exists(file))
        {
            await services.GetRequiredService<StoreMigration>().ApplyAsync(cancellationToken);
            return;
        }

        if (Volatile.Read(ref _made) is { } made)
        {
            Directory.CreateDirectory(options.DataDirectory);
            await File.WriteAllBytesAsync(file, made, cancellationToken);
            return;
        }

        await One.WaitAsync(cancellationToken);
        try
        {
            await services.GetRequiredService<StoreMigration>().ApplyAsync(cancellationToken);
            Volatile.Write(ref _made, await ReadAsync(file, cancellationToken));
        }
        finally
        {
            One.Release();
        }
    }

    /// <summary>Brings an empty PostgreSQL database to the model of this release.</summary>
    internal static async Task MigrateDatabaseAsync(string connectionString)
    {
        var folder = Directory.CreateTempSubdirectory("ocfcloud-test-").FullName;
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddCloudCore();
        services.AddPostgreSqlStore(connectionString, folder);
        await using (var provider = services.BuildServiceProvider()) await provider.GetRequiredService<StoreMigration>().ApplyAsync(CancellationToken.None);
        Directory.Delete(folder, recursive: true);
    }

    // With what is in its log, which a copy of the file alone would lack.
    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await using var result = await command.ExecuteReaderAsync(cancellationToken);
        return await result.ReadAsync(cancellationToken) && result.GetInt64(0) == 0
            ? await File.ReadAllBytesAsync(file, cancellationToken)
            : throw new InvalidOperationException("The store is in use.");
    }
}
