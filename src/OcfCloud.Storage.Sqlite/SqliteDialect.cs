using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using OcfCloud.Core.Storage;

namespace OcfCloud.Storage.Sqlite;

/// <summary>SQLite: one writer, one node, a file.</summary>
internal sealed class SqliteDialect : IStoreDialect
{
    public SqliteDialect(StoreOptions options)
    {
        ConnectionString = ConnectionStringOf(options);
        Options = OptionsOf(ConnectionString);
    }

    public string ConnectionString { get; }

    public bool HasOneWriter => true;

    public bool IsShared => false;

    public bool LocksRows => false;

    public bool KeepsCommands => true;

    public string NowQuery => """SELECT 0 AS "Value" """;

    public DbContextOptions<CloudDbContext> Options { get; }

    public async Task<DbCommand> OpenCommandAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection.CreateCommand();
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public StoreTrouble Judge(Exception exception)
    {
        if (exception is OperationCanceledException) return StoreTrouble.None;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is SqliteException { SqliteErrorCode: var code })
            {
                // BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB: the file, not the statement.
                return code is 5 or 6 or 8 or 10 or 11 or 13 or 14 or 15 or 26 ? StoreTrouble.Unavailable : StoreTrouble.None;
            }
        }
        return StoreTrouble.None;
    }

    public async Task<IAsyncDisposable?> PrepareMigrationAsync(CloudDbContext context, CancellationToken cancellationToken)
    {
        await context.Database.OpenConnectionAsync(cancellationToken);
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
        // EF's lock row outlives a killed process and is then waited for without end. The caller's file lock says that nobody migrates now.
        await context.Database.ExecuteSqlRawAsync(
            """CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL)""",
            cancellationToken);
        await context.Database.ExecuteSqlRawAsync("""DELETE FROM "__EFMigrationsLock" """, cancellationToken);
        return null;
    }

    internal static string ConnectionStringOf(StoreOptions options) => new SqliteConnectionStringBuilder
    {
        DataSource = Path.Combine(Path.GetFullPath(options.DataDirectory), "ocfcloud.db"),
        ForeignKeys = true,
        DefaultTimeout = (int)Math.Ceiling(options.WriteTimeout.TotalSeconds),
    }.ToString();

    internal static DbContextOptions<CloudDbContext> OptionsOf(string connectionString) =>
        new DbContextOptionsBuilder<CloudDbContext>()
            .UseSqlite(connectionString, sqlite => sqlite.MigrationsAssembly(typeof(SqliteDialect).Assembly))
            .AddInterceptors(new DurableConnections())
            .ReplaceService<IModelCacheKeyFactory, ContributedModelCacheKey>()
            .Options;
}
