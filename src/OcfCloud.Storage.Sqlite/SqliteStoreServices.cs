using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Storage.Sqlite;

/// <summary>Puts the store into a SQLite file.</summary>
public static class SqliteStoreServices
{
    /// <summary>Adds the store <c>ocfcloud.db</c> of a data directory.</summary>
    /// <param name="services">The container.</param>
    /// <param name="dataDirectory">The directory; made by the migration when missing.</param>
    /// <param name="writeTimeout">How long a write waits for its turn; null = the default of <see cref="StoreOptions.WriteTimeout"/>.</param>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, string dataDirectory, TimeSpan? writeTimeout = null)
    {
        var options = new StoreOptions { Provider = StoreProvider.Sqlite, DataDirectory = dataDirectory };
        options.WriteTimeout = writeTimeout ?? options.WriteTimeout;
        services.AddSingleton(options);
        services.AddSingleton<SqliteDialect>();
        services.AddSingleton<IStoreDialect>(provider => provider.GetRequiredService<SqliteDialect>());
        foreach (var room in SqliteDesignFactory.Contributions) services.AddSingleton(room);
        services.AddSingleton<IOutboxLane, SqliteOutboxLane>();
        return services;
    }
}
