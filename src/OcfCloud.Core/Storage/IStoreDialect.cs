using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace OcfCloud.Core.Storage;

/// <summary>What differs between the databases. One implementation in each provider project.</summary>
internal interface IStoreDialect
{
    /// <summary>Whether writers of this process take turns by a lock in it.</summary>
    bool HasOneWriter { get; }

    /// <summary>Whether other nodes share this database.</summary>
    bool IsShared { get; }

    /// <summary>Whether rows have to be locked by FOR UPDATE; else a write transaction is alone anyway.</summary>
    bool LocksRows { get; }

    /// <summary>A query for the store's clock: one column <c>Value</c> in UTC ticks. Asked only where nodes share the store.</summary>
    string NowQuery { get; }

    /// <summary>Options of a context that opens its own connection.</summary>
    DbContextOptions<CloudDbContext> Options { get; }

    /// <summary>Whether a command is worth keeping with its connection: where it holds a prepared statement that a pool would forget.</summary>
    bool KeepsCommands { get; }

    /// <summary>Opens a connection for a command that reads. Who asked disposes of both.</summary>
    Task<DbCommand> OpenCommandAsync(CancellationToken cancellationToken);

    /// <summary>What this exception, or its cause, means.</summary>
    StoreTrouble Judge(Exception exception);

    /// <summary>Makes the database ready for <c>Migrate</c>: what a killed migration left is removed, other nodes are kept out. The caller holds the migration
    /// lock of this data directory.</summary>
    /// <returns>What lets other nodes in when it is disposed of; null where there are none.</returns>
    Task<IAsyncDisposable?> PrepareMigrationAsync(CloudDbContext context, CancellationToken cancellationToken);
}
