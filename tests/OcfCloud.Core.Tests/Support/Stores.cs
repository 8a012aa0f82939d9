using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Storage;
using OcfCloud.Storage.PostgreSql;
using OcfCloud.Storage.Sqlite;
using OcfCloud.Testing;

namespace OcfCloud.Core.Tests.Support;

/// <summary>A SQLite file and a PostgreSQL database for the tests of one class; each test takes users and devices of its own.</summary>
public sealed class Stores(PostgreSqlFixture postgreSql) : IAsyncDisposable
{
    private readonly TestClock _clock = new();
    private readonly List<CloudNode> _nodes = [];
    private readonly List<TemporaryFolder> _folders = [];
    private readonly Dictionary<StoreProvider, CloudNode> _first = [];
    private string? _database;

    /// <summary>The class's node on that store.</summary>
    internal async Task<CloudNode> OnAsync(StoreProvider provider)
    {
        if (_first.TryGetValue(provider, out var node)) return node;
        node = provider == StoreProvider.Sqlite ? OnSqlite(NewFolder()) : await AnotherNodeAsync();
        await node.MigrateOnceAsync();
        return _first[provider] = node;
    }

    /// <summary>One more node on the class's PostgreSQL database, with a data directory of its own.</summary>
    internal async Task<CloudNode> AnotherNodeAsync()
    {
        _database ??= await NewDatabaseAsync();
        return OnPostgreSql(_database, NewFolder());
    }

    internal CloudNode OnSqlite(string folder, TimeSpan? writeTimeout = null) =>
        Keep(CloudNode.Create(
            services =>
            {
                services.AddSqliteStore(folder);
                if (writeTimeout is { } limit) services.AddSingleton(new StoreOptions { DataDirectory = folder, WriteTimeout = limit });
            },
            _clock));

    internal CloudNode OnPostgreSql(string connectionString, string folder) =>
        Keep(CloudNode.Create(services => services.AddPostgreSqlStore(connectionString, folder), _clock));

    /// <summary>A database with the model of this release.</summary>
    internal Task<string> NewDatabaseAsync()
    {
        postgreSql.Require();
        return postgreSql.CreateMigratedDatabaseAsync();
    }

    internal Task<string> EmptyDatabaseAsync()
    {
        postgreSql.Require();
        return postgreSql.CreateDatabaseAsync();
    }

    internal string NewFolder()
    {
        var folder = new TemporaryFolder();
        _folders.Add(folder);
        return folder.Path;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        foreach (var folder in _folders) folder.Dispose();
    }

    private CloudNode Keep(CloudNode node)
    {
        _nodes.Add(node);
        return node;
    }
}
