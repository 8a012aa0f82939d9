using Microsoft.Extensions.DependencyInjection;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Storage.PostgreSql;

/// <summary>Puts the store into a PostgreSQL database.</summary>
public static class PostgreSqlStoreServices
{
    /// <summary>Adds the store.</summary>
    /// <param name="services">The container.</param>
    /// <param name="connectionString">Which database, in Npgsql's form.</param>
    /// <param name="dataDirectory">Where this node keeps its id; made by the migration when missing.</param>
    public static IServiceCollection AddPostgreSqlStore(this IServiceCollection services, string connectionString, string dataDirectory)
    {
        services.AddSingleton(new StoreOptions { Provider = StoreProvider.PostgreSql, ConnectionString = connectionString, DataDirectory = dataDirectory });
        services.AddSingleton<PostgreSqlDialect>();
        services.AddSingleton<IStoreDialect>(provider => provider.GetRequiredService<PostgreSqlDialect>());
        services.AddSingleton<ProcessIdentity>();
        foreach (var room in PostgreSqlDesignFactory.Contributions) services.AddSingleton(room);
        services.AddSingleton<IOutboxLane, PostgreSqlOutboxLane>();
        services.AddHostedService<HintListener>();
        return services;
    }
}
