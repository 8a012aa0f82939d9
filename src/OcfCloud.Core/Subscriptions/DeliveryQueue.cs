using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Subscriptions;

/// <summary>What waits to be delivered. A node claims subscriptions by a lease, sends, and says what came of it.</summary>
/// <remarks>Leases are by this process's clock: those of the nodes may differ by no more than <see cref="SubscriptionOptions.ClaimTime"/> without an attempt.</remarks>
public sealed class DeliveryQueue : IDisposable
{
    /// <summary>Characters of <see cref="DeliveryResult.Failure"/> that are kept.</summary>
    public const int MaxFailureLength = 200;

    private readonly Store _store;
    private readonly NodeIdentity _node;
    private readonly DeliverySettlement _settlement;
    private readonly SubscriptionOptions _options;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private bool _started, _reviewed;

    internal DeliveryQueue(Store store, NodeIdentity node, DeliverySettlement settlement, SubscriptionOptions options, TimeProvider time)
    {
        _store = store;
        _node = node;
        _settlement = settlement;
        _options = options;
        _time = time;
    }

    /// <summary>Claims subscriptions that are due, the longest due first; each is claimed by one node at a time. The first call of a process gives back what its
    /// former life had claimed.</summary>
    /// <param name="lane">Which.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<DueSubscription>> ClaimAsync(DeliveryLane lane, int max, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        // Where writers take turns, looking in vain costs none.
        if (_store.Dialect.HasOneWriter && !(await NextDueAsync(lane, cancellationToken) <= _time.GetUtcNow())) return [];
        return await _store.WriteAsync((context, token) => ClaimAsync(context, lane, max, token), cancellationToken);
    }

    /// <summary>When the next subscription of a lane is due (a claim of another node's that runs out included); null where nothing waits.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<DateTimeOffset?> NextDueAsync(DeliveryLane lane, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        return await _store.ReadAsync(
            async (context, token) => await OfLane(context, lane).OrderBy(d => d.DueAt).Select(d => d.DueAt).FirstOrDefaultAsync(token), cancellationToken);
    }

    /// <summary>Writes what came of claims, in one transaction. A claim that meanwhile went to another node is left to it.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer; the same results may be written again.</exception>
    public Task SettleAsync(IReadOnlyCollection<DeliveryResult> results, CancellationToken cancellationToken) =>
        results.Count == 0 ? Task.CompletedTask : _store.WriteAsync((context, token) => _settlement.WriteAsync(context, _node.Id, results, token), cancellationToken);

    /// <summary>The clock went back: the next call looks for what was dated by the clock as it was.</summary>
    internal void ReviewDates() => Volatile.Write(ref _reviewed, false);

    /// <inheritdoc/>
    public void Dispose() => _starting.Dispose();

    private async Task<IReadOnlyList<DueSubscription>> ClaimAsync(CloudDbContext context, DeliveryLane lane, int max, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var due = await LockDueAsync(context, lane, now, max, cancellationToken);
        if (due.Count == 0) return [];
        var ids = due.ConvertAll(d => d.SubscriptionId);
        var subscriptions = await context.Set<SubscriptionRow>().AsNoTracking().Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancellationToken);
        // One that failed last most likely fails again: the others would be read for nothing.
        var waiting = lane == DeliveryLane.Retry
            ? await ClaimedNotifications.ReadFirstAsync(context, ids, cancellationToken)
            : await ClaimedNotifications.ReadAsync(context, ids, _options.MaxClaimedNotifications, _options.MaxClaimedBytes, cancellationToken);
        var claimed = new List<DueSubscription>(due.Count);
        foreach (var delivery in due)
        {
            Notification[] notifications =
                [.. waiting[delivery.SubscriptionId].Select(n => new Notification(n.Number, n.Kind, n.At, new NotificationBody(n.ContentType, n.Body)))];
            if (notifications.Length == 0)
            {
                // What had been claimed was dropped meanwhile.
                delivery.Release(next: null);
                continue;
            }
            delivery.Owner = _node.Id;
            delivery.Claim++;
            delivery.ClaimedFrom = notifications[0].SequenceNumber;
            delivery.DueAt = now + _options.ClaimTime;
            var row = subscriptions[delivery.SubscriptionId];
            claimed.Add(new DueSubscription(
                row.Id, row.EventsUrl, row.ProtectedSecret, row.CorrelationId, delivery.FailedAttempts, delivery.FirstFailedAt, notifications)
            {
                User = row.UserId,
                Client = row.Client,
                Claim = delivery.Claim,
                ClaimedUntil = delivery.DueAt.Value,
                CreatedAt = row.CreatedAt,
            });
        }
        return claimed;
    }

    private static Task<List<DeliveryRow>> LockDueAsync(CloudDbContext context, DeliveryLane lane, DateTimeOffset now, int max, CancellationToken cancellationToken)
    {
        if (!context.LocksRows) return OfLane(context, lane).Where(d => d.DueAt <= now).OrderBy(d => d.DueAt).Take(max).ToListAsync(cancellationToken);
        var due = now.UtcTicks;
        // What another node is just claiming, or the dispatcher adding to, is not waited for.
        return (lane == DeliveryLane.First
            ? context.Set<DeliveryRow>().FromSql(
                $"""SELECT * FROM deliveries WHERE "FailedAttempts" = 0 AND "DueAt" <= {due} ORDER BY "DueAt" LIMIT {max} FOR UPDATE SKIP LOCKED""")
            : context.Set<DeliveryRow>().FromSql(
                $"""SELECT * FROM deliveries WHERE "FailedAttempts" > 0 AND "DueAt" <= {due} ORDER BY "DueAt" LIMIT {max} FOR UPDATE SKIP LOCKED"""))
            .ToListAsync(cancellationToken);
    }

    private static IQueryable<DeliveryRow> OfLane(CloudDbContext context, DeliveryLane lane) => lane == DeliveryLane.First
        ? context.Set<DeliveryRow>().Where(d => d.FailedAttempts == 0 && d.DueAt != null)
        : context.Set<DeliveryRow>().Where(d => d.FailedAttempts > 0 && d.DueAt != null);

    private async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _started) && Volatile.Read(ref _reviewed)) return;
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (!_started) await _store.WriteAsync(ReleaseFormerLifeAsync, cancellationToken);
            Volatile.Write(ref _started, true);
            if (Volatile.Read(ref _reviewed)) return;
            Volatile.Write(ref _reviewed, true);
            await RedateAsync(cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    // A process that was killed says nothing of its claims: they are due again at once, not after ClaimTime. (SQLite: all; there is no other node.)
    private async Task<int> ReleaseFormerLifeAsync(CloudDbContext context, CancellationToken cancellationToken)
    {
        var node = _node.Id;
        var claimed = _store.Dialect.IsShared
            ? await context.Set<DeliveryRow>()
                .FromSql($"""SELECT * FROM deliveries WHERE "Owner" = {node} ORDER BY "SubscriptionId" FOR UPDATE""").ToListAsync(cancellationToken)
            : await context.Set<DeliveryRow>().Where(d => d.Owner != null).ToListAsync(cancellationToken);
        foreach (var delivery in claimed) delivery.Release(delivery.NextAttemptAt);
        return claimed.Count;
    }

    // What is due later than anything can be was dated by a clock that was ahead: it is due now.
    private async Task RedateAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var latest = now + (2 * _options.LongestWait);
        // What is being sent stays its sender's for as long as a claim holds.
        var claimed = now + _options.ClaimTime;
        try
        {
            // Most often there is none, and no writer's turn is taken.
            if (!await _store.ReadAsync((context, token) => context.Set<DeliveryRow>().AnyAsync(d => d.DueAt > latest, token), cancellationToken)) return;
            await _store.WriteAsync(
                (context, token) => context.Set<DeliveryRow>().Where(d => d.DueAt > latest).ExecuteUpdateAsync(
                    set => set.SetProperty(d => d.DueAt, d => d.Owner == null ? now : claimed).SetProperty(d => d.NextAttemptAt, now), token),
                cancellationToken);
        }
        catch
        {
            Volatile.Write(ref _reviewed, false);
            throw;
        }
    }
}
