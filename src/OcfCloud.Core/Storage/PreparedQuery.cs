using System.Collections.Concurrent;
using System.Data.Common;

namespace OcfCloud.Core.Storage;

/// <summary>
/// A question for one row that is asked far more often than all others, without EF: on SQLite by a statement that stays prepared on a connection of its own, as to open, to parse and to
/// close costs many times what the answer does; on PostgreSQL by the pool's connections.
/// </summary>
/// <param name="dialect">Opens connections.</param>
/// <param name="text">SQL that means the same on both databases.</param>
/// <param name="parameters">The names of its parameters.</param>
internal sealed class PreparedQuery(IStoreDialect dialect, string text, params string[] parameters) : IDisposable
{
    // More are opened for the time, and closed again.
    private const int MaxKept = 8;

    private readonly ConcurrentQueue<DbCommand> _kept = new();
    private volatile bool _isOver;

    /// <summary>Asks; <see cref="Store.AskAsync"/> says how.</summary>
    public async Task<T?> FirstAsync<T>(object[] values, Func<DbDataReader, T> read, CancellationToken cancellationToken)
        where T : class
    {
        if (!_kept.TryDequeue(out var command)) command = await OpenAsync(cancellationToken);
        var isWell = false;
        try
        {
            for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
            T? found;
            await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
                found = await reader.ReadAsync(cancellationToken) ? read(reader) : null;
            isWell = true;
            return found;
        }
        finally
        {
            if (isWell && dialect.KeepsCommands && _kept.Count < MaxKept) Keep(command);
            else await CloseAsync(command);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isOver = true;
        // Whoever keeps one sees that, or is seen.
        Interlocked.MemoryBarrier();
        CloseKept();
    }

    private static async Task CloseAsync(DbCommand command)
    {
        var connection = command.Connection!;
        await command.DisposeAsync();
        await connection.DisposeAsync();
    }

    private void Keep(DbCommand command)
    {
        _kept.Enqueue(command);
        if (_isOver) CloseKept();
    }

    private void CloseKept()
    {
        while (_kept.TryDequeue(out var command))
        {
            var connection = command.Connection;
            command.Dispose();
            connection?.Dispose();
        }
    }

    private async Task<DbCommand> OpenAsync(CancellationToken cancellationToken)
    {
        var command = await dialect.OpenCommandAsync(cancellationToken);
        command.CommandText = text;
        foreach (var name in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
