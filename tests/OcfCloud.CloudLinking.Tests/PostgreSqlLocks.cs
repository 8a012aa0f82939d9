using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;

namespace OcfCloud.CloudLinking.Tests;

/// <summary>Who waits for whom in PostgreSQL, so that a test can let two transactions meet.</summary>
internal static class PostgreSqlLocks
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Waits until some transaction of the database waits for a lock, or the work that should is over without.</summary>
    public static async Task UntilWaitedForAsync(Store store, Task work)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Deadline);
        while (!work.IsCompleted && !await IsWaitedForAsync(store, limit.Token)) await Task.Delay(10, limit.Token);
    }

    private static async Task<bool> IsWaitedForAsync(Store store, CancellationToken cancellationToken) => await store.ReadAsync(
        (context, token) => context.Database
            .SqlQuery<int>($"""SELECT count(*)::int AS "Value" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'""").SingleAsync(token),
        cancellationToken) > 0;
}
