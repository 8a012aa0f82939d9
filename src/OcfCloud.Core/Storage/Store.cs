using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using OcfCloud.Core.Events;
using OcfCloud.Core.Metrics;

namespace OcfCloud.Core.Storage;

/// <summary>The way to the database: each call gets a context for itself; a write is one transaction.</summary>
/// <remarks>
/// On SQLite writers take turns by an asynchronous lock and begin with BEGIN IMMEDIATE; on PostgreSQL a write that met another one (serialization, deadlock,
/// unique key) is done again from its start. So a write's work has to be repeatable: it changes nothing but the context that it gets.
/// </remarks>
public sealed class Store : IDisposable
{
    private const int MaxAttempts = 8;

    // More at once are made and thrown away.
    private const int MaxPooledReaders = 64;

    private readonly IStoreDialect _dialect;
    private readonly CloudContextOptions _context;
    private readonly DbContextOptions<CloudDbContext> _options;
    private readonly PooledDbContextFactory<CloudDbContext> _readers;
    private readonly OutboxSignal _outbox;
    private readonly TimeProvider _time;
    private readonly TimeSpan _writeTimeout;
    private readonly CoreMetrics? _metrics;
    private readonly SemaphoreSlim _writer = new(1, 1);

    internal Store(IStoreDialect dialect, IEnumerable<IModelContribution> contributions, OutboxSignal outbox, TimeProvider time, StoreOptions options, CoreMetrics? metrics = null)
    {
        _dialect = dialect;
        _context = new CloudContextOptions([.. contributions], dialect.LocksRows);
        _options = _context.In(dialect.Options);
        _readers = new PooledDbContextFactory<CloudDbContext>(_options, MaxPooledReaders);
        _outbox = outbox;
        _time = time;
        _writeTimeout = options.WriteTimeout;
        _metrics = metrics;
    }

    internal IStoreDialect Dialect => _dialect;

    /// <summary>Makes a context that the caller disposes; for work that brings its own transactions.</summary>
    internal CloudDbContext CreateContext() => new(_options);

    /// <summary>Makes a context that the caller disposes, for a library that saves by itself (OpenIddict): its saving takes turns with all other writers.</summary>
    internal CloudDbContext CreateSavingContext() => new(_options) { SavesThrough = this };

    /// <summary>Makes a context over other options (a connection that the caller holds).</summary>
    internal CloudDbContext CreateContext(DbContextOptions<CloudDbContext> options) => new(_context.In(options));

    /// <summary>Reads; nothing is tracked.</summary>
    /// <param name="work">The queries.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<T> ReadAsync<T>(Func<CloudDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var context = await _readers.CreateDbContextAsync(cancellationToken);
            context.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
            return await work(context, cancellationToken);
        }
        catch (Exception e) when (_dialect.Judge(e) != StoreTrouble.None)
        {
            throw Unavailable("The store does not answer.", e);
        }
    }

    /// <summary>Asks for the first row.</summary>
    /// <param name="query">What <see cref="Prepare"/> made.</param>
    /// <param name="values">Its parameters' values, in their order, as the database has them.</param>
    /// <param name="read">Reads the row.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where there is no row.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    internal async Task<T?> AskAsync<T>(PreparedQuery query, object[] values, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await query.FirstAsync(values, read, cancellationToken);
        }
        catch (Exception e) when (_dialect.Judge(e) != StoreTrouble.None)
        {
            throw Unavailable("The store does not answer.", e);
        }
    }

    /// <summary>Makes a query that is kept prepared, for what is asked far more often than all else; whoever asks it disposes of it.</summary>
    internal PreparedQuery Prepare(string text, params string[] parameters) => new(_dialect, text, parameters);

    /// <summary>Writes in one transaction: saves what the work changed and commits when it returns, rolls back when it throws.</summary>
    /// <param name="work">The work; may be called again from its start.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer; whether the transaction was committed may be unknown.</exception>
    public async Task<T> WriteAsync<T>(Func<CloudDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await WriteOnceAsync(work, cancellationToken);
            }
            catch (Exception e) when (Judge(e) is var trouble && trouble != StoreTrouble.None)
            {
                if (trouble == StoreTrouble.Unavailable || attempt == MaxAttempts)
                    throw Unavailable("The store does not answer.", e);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 10 * attempt)), _time, cancellationToken);
        }
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<CloudDbContext, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        WriteAsync<object?>(
            async (context, token) =>
            {
                await work(context, token);
                return null;
            },
            cancellationToken);

    /// <summary>Whether an exception of a library that reads by itself means that the store does not answer.</summary>
    public bool IsUnavailable(Exception exception) => _dialect.Judge(exception) == StoreTrouble.Unavailable;

    /// <summary>Saves when it is this writer's turn.</summary>
    internal async Task<int> InTurnAsync(Func<Task<int>> save, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(cancellationToken);
        try
        {
            return await save();
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            throw Unavailable("The store does not answer.", e);
        }
        finally
        {
            if (_dialect.HasOneWriter) _writer.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    // A row that another writer took away meanwhile is a conflict on every database.
    private StoreTrouble Judge(Exception exception) => exception is DbUpdateConcurrencyException ? StoreTrouble.Conflict : _dialect.Judge(exception);

    private async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (_dialect.HasOneWriter && !await _writer.WaitAsync(_writeTimeout, cancellationToken))
            throw Unavailable("The store is busy: other writers were before this one for too long.");
    }

    private async Task<T> WriteOnceAsync<T>(Func<CloudDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(cancellationToken);
        bool hasEvents;
        T result;
        try
        {
            await using var context = CreateContext();
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            result = await work(context, cancellationToken);
            await context.SaveChangesAsync(cancellationToken);
            // Past this point the work is done: a caller that went away does not undo it.
            await transaction.CommitAsync(CancellationToken.None);
            hasEvents = context.HasEvents;
        }
        finally
        {
            if (_dialect.HasOneWriter) _writer.Release();
        }
        if (hasEvents) _outbox.Set();
        return result;
    }

    private StoreUnavailableException Unavailable(string message, Exception? cause = null)
    {
        _metrics?.StoreUnavailable();
        return cause is null ? new StoreUnavailableException(message) : new StoreUnavailableException(message, cause);
    }
}
