using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core;
using OcfCloud.Core.Storage;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.CloudLinking.Tests.Synchronisation.Support;

/// <summary>A SQLite file and a PostgreSQL database for the tests of one class.</summary>
public sealed class SyncStores(PostgreSqlFixture postgreSql) : IAsyncDisposable
{
    private readonly List<string> _folders = [];
    private string? _file;
    private string? _database;

    /// <summary>What puts a node on the store; each node has a data directory of its own on PostgreSQL, on SQLite all have one.</summary>
    internal async Task<Action<IServiceCollection>> OnAsync(StoreProvider provider)
    {
        if (provider == StoreProvider.Sqlite)
        {
            if (_file is null) await MigrateAsync(services => services.AddSqliteStore(_file = NewFolder()));
            return services => services.AddSqliteStore(_file!);
        }
        postgreSql.Require();
        if (_database is null)
        {
            var database = await postgreSql.CreateMigratedDatabaseAsync();
            await MigrateAsync(services => services.AddPostgreSqlStore(database, NewFolder()));
            _database = database;
        }
        var folder = NewFolder();
        return services => services.AddPostgreSqlStore(_database, folder);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var folder in _folders)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException)
            {
                // A file that is just being closed.
            }
        }
        return ValueTask.CompletedTask;
    }

    private static async Task MigrateAsync(Action<IServiceCollection> addStore)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddCloudCore();
        addStore(services);
        await using var provider = services.BuildServiceProvider();
        await provider.MigrateStoreAsync(TestContext.Current.CancellationToken);
    }

    private string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("ocfcloud-test-").FullName;
        _folders.Add(folder);
        return folder;
    }
}
