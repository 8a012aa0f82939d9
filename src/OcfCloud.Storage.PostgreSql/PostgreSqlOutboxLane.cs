using Microsoft.EntityFrameworkCore;
using Npgsql;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Storage.PostgreSql;

/// <summary>
/// The node whose session holds the advisory lock is the dispatcher; its transactions run on that very connection, so that nothing is committed by a node that
/// has lost the lock with it.
/// </summary>
internal sealed class PostgreSqlOutboxLane(Store store, PostgreSqlDialect dialect, ProcessIdentity process) : IOutboxLane
{
    // "ocfcloud" in ASCII: one key a database.
    private const long LockKey = 0x6f63_6663_6c6f_7564;

    private NpgsqlConnection? _holding;

    public async Task<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        if (_holding is not null) return true;
        var connection = await dialect.OpenLockingConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = LockKey } } };
            if (await command.ExecuteScalarAsync(cancellationToken) is true)
            {
                _holding = connection;
                return true;
            }
        }
        finally
        {
            if (_holding is null) await connection.DisposeAsync();
        }
        return false;
    }

    public Task<bool> MayHaveRowsAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    public async Task<T> InTransactionAsync<T>(Func<CloudDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var context = store.CreateContext(PostgreSqlDialect.OptionsOver(_holding!));
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var result = await work(context, cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    public async Task AnnounceAsync(CloudDbContext context, IReadOnlyList<Hint> hints, CancellationToken cancellationToken)
    {
        foreach (var payload in HintCodec.Encode(process.Id, hints))
            await context.Database.ExecuteSqlAsync($"SELECT pg_notify({HintCodec.Channel}, {payload})", cancellationToken);
    }

    public async Task LeaveAsync()
    {
        if (_holding is null) return;
        await _holding.DisposeAsync();
        _holding = null;
    }

    public async ValueTask DisposeAsync() => await LeaveAsync();
}
