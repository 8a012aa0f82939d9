using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using OcfCloud.Core.Storage;

namespace OcfCloud.Storage.PostgreSql;

/// <summary>PostgreSQL: many writers, many nodes.</summary>
internal sealed class PostgreSqlDialect : IStoreDialect, IAsyncDisposable
{
    private const int CommandTimeoutSeconds = 15;

    // "ocf-migr"; that of the dispatcher is another one.
    private const long MigrationLockKey = 0x6F63_662D_6D69_6772;

    private readonly string _connectionString;

    public PostgreSqlDialect(StoreOptions options)
    {
        _connectionString = options.ConnectionString ?? throw new InvalidOperationException("ConnectionStrings:OcfCloud is missing.");
        DataSource = NpgsqlDataSource.Create(_connectionString);
        Options = new DbContextOptionsBuilder<CloudDbContext>()
            .UseNpgsql(DataSource, Configure)
            .ReplaceService<IModelCacheKeyFactory, ContributedModelCacheKey>()
            .Options;
    }

    public NpgsqlDataSource DataSource { get; }

    public bool HasOneWriter => false;

    public bool IsShared => true;

    public bool LocksRows => true;

    public bool KeepsCommands => false;

    public string NowQuery => """SELECT (extract(epoch from clock_timestamp()) * 10000000)::bigint + 621355968000000000 AS "Value" """;

    public DbContextOptions<CloudDbContext> Options { get; }

    /// <summary>Options over a connection that the caller holds.</summary>
    public static DbContextOptions<CloudDbContext> OptionsOver(NpgsqlConnection connection) =>
        new DbContextOptionsBuilder<CloudDbContext>()
            .UseNpgsql(connection, Configure)
            .ReplaceService<IModelCacheKeyFactory, ContributedModelCacheKey>()
            .Options;

    public async Task<DbCommand> OpenCommandAsync(CancellationToken cancellationToken)
    {
        var connection = await DataSource.OpenConnectionAsync(cancellationToken);
        var command = connection.CreateCommand();
        command.CommandTimeout = CommandTimeoutSeconds;
        return command;
    }

    public StoreTrouble Judge(Exception exception)
    {
        if (exception is OperationCanceledException) return StoreTrouble.None;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case PostgresException { SqlState: var state }:
                    return JudgeState(state);
                case NpgsqlException or TimeoutException or SocketException:
                    return StoreTrouble.Unavailable;
            }
        }
        return StoreTrouble.None;
    }

    /// <summary>Opens a connection outside the pool: closed, its session ends, and every lock with it. A server that cannot reach this machine any more finds
    /// that out within half a minute.</summary>
    public async Task<NpgsqlConnection> OpenLockingConnectionAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_connectionString) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var keepAlive = new NpgsqlCommand(
                "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3", connection);
            await keepAlive.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // A killed migration leaves nothing, and EF keeps nodes apart by a lock on its history table.
    public async Task<IAsyncDisposable?> PrepareMigrationAsync(CloudDbContext context, CancellationToken cancellationToken)
    {
        // EF reads which migrations are missing before it has a lock: of two nodes that start at once the second would apply a later one again.
        if (!await context.GetService<IRelationalDatabaseCreator>().ExistsAsync(cancellationToken)) return null;
        var connection = await OpenLockingConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { Parameters = { new() { Value = MigrationLockKey } } };
            command.CommandTimeout = (int)(context.Database.GetCommandTimeout() ?? CommandTimeoutSeconds);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();

    internal static void Configure(Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.NpgsqlDbContextOptionsBuilder npgsql) =>
        npgsql.MigrationsAssembly(typeof(PostgreSqlDialect).Assembly).CommandTimeout(CommandTimeoutSeconds);

    // Appendix A of PostgreSQL's manual: serialization, deadlock, and keys that another transaction took or removed just now; then the classes of broken
    // connections, refused users, missing databases, lacking resources, interventions and system errors; a server that only reads has not taken over yet.
    private static StoreTrouble JudgeState(string state) => state switch
    {
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation => StoreTrouble.Conflict,
        PostgresErrorCodes.ReadOnlySqlTransaction => StoreTrouble.Unavailable,
        _ => state[..2] is "08" or "28" or "3D" or "53" or "57" or "58" ? StoreTrouble.Unavailable : StoreTrouble.None,
    };
}
