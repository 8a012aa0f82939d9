using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core;
using OcfCloud.Core.Storage;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.Onvif.Tests.Uplink.Support;

/// <summary>A SQLite file and a PostgreSQL database for the tests of one class; each test takes users and cameras of its own.</summary>
public sealed class UplinkStores(PostgreSqlFixture postgreSql) : IAsyncDisposable
{
    private readonly List<string> _folders = [];
    private readonly Dictionary<StoreProvider, string> _places = [];

    /// <summary>What puts a node on the store; each node has a data directory of its own on PostgreSQL, on SQLite all have one.</summary>
    internal async Task<Action<IServiceCollection>> OnAsync(StoreProvider provider)
    {
        if (!_places.TryGetValue(provider, out var place))
        {
            if (provider == StoreProvider.PostgreSql) postgreSql.Require();
            place = provider == StoreProvider.Sqlite ? NewFolder() : await postgreSql.CreateMigratedDatabaseAsync();
            await MigrateAsync(services => Put(services, provider, place, provider == StoreProvider.Sqlite ? place : NewFolder()));
            _places[provider] = place;
        }

        var folder = provider == StoreProvider.Sqlite ? place : NewFolder();
        return services => Put(services, provider, place, folder);
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

    private static void Put(IServiceCollection services, StoreProvider provider, string place, string folder)
    {
        if (provider == StoreProvider.Sqlite) services.AddSqliteStore(folder);
        else services.AddPostgreSqlStore(place, folder);
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
