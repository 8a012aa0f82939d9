using Microsoft.EntityFrameworkCore;

namespace OcfCloud.Core.Storage;

/// <summary>What differs between the databases. One implementation in each provider project.</summary>
internal interface IStoreDialect
{
    /// <summary>Whether writers of this process take turns by a lock in it.</summary>
    bool HasOneWriter { get; }

    /// <summary>Whether other nodes share this database.</summary>
    bool IsShared { get; }

    /// <summary>The clause that locks the selected rows until the transaction ends; empty where a write transaction is alone anyway.</summary>
    string LockRows { get; }

    /// <summary>An expression for the store's clock in UTC ticks.</summary>
    string NowTicks { get; }

    /// <summary>Options of a context that opens its own connection.</summary>
    DbContextOptions Options { get; }

    /// <summary>What this exception, or its cause, means.</summary>
    StoreTrouble Judge(Exception exception);

    /// <summary>Makes the database ready for <c>Migrate</c>: what a killed migration left is removed. The caller holds the migration lock.</summary>
    Task PrepareMigrationAsync(CloudDbContext context, CancellationToken cancellationToken);
}
