using Microsoft.Data.Sqlite;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Storage.Sqlite;

/// <summary>The host is the only dispatcher; commands in other processes show in <c>PRAGMA data_version</c>.</summary>
internal sealed class SqliteOutboxLane(Store store, SqliteDialect dialect) : IOutboxLane
{
    private SqliteConnection? _watching;
    private long _version;

    public async Task<bool> TryEnterAsync(CancellationToken cancellationToken)
    {
        if (_watching is null)
        {
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder(dialect.ConnectionString) { Pooling = false }.ToString());
            await connection.OpenAsync(cancellationToken);
            _watching = connection;
        }
        _version = await VersionAsync(cancellationToken);
        return true;
    }

    public async Task<bool> MayHaveRowsAsync(CancellationToken cancellationToken)
    {
        var version = await VersionAsync(cancellationToken);
        var changed = version != _version;
        _version = version;
        return changed;
    }

    public Task<T> InTransactionAsync<T>(Func<CloudDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        store.WriteAsync(work, cancellationToken);

    public Task AnnounceAsync(CloudDbContext context, IReadOnlyList<Hint> hints, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task LeaveAsync()
    {
        if (_watching is not null) await _watching.DisposeAsync();
        _watching = null;
    }

    public async ValueTask DisposeAsync() => await LeaveAsync();

    private async Task<long> VersionAsync(CancellationToken cancellationToken)
    {
        await using var command = _watching!.CreateCommand();
        command.CommandText = "PRAGMA data_version";
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
