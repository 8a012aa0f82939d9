using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Subscriptions;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Core.Storage;

/// <summary>
/// The first statements of whoever writes an event: the device's row, or without a device its user's, several in order of id. So the ids of one device's
/// outbox rows follow its commits, and nothing deadlocks (architecture.md, How a change flows). Where more is locked the order is: user, client,
/// its grants, token, devices, subscriptions, deliveries.
/// </summary>
/// <remarks>On SQLite a write transaction is alone from its BEGIN IMMEDIATE on: there the queries are plain ones.</remarks>
internal static class RowLocks
{
    // Parameters of one query of SQLite.
    private const int IdsAtOnce = 500;

    /// <summary>Locks and reads a device; null where there is none.</summary>
    public static async Task<Device?> LockDeviceAsync(this CloudDbContext context, DeviceId id, CancellationToken cancellationToken) =>
        (await context.LockDevicesAsync([id], cancellationToken)).FirstOrDefault();

    /// <summary>Locks and reads those of the devices that exist.</summary>
    public static Task<List<Device>> LockDevicesAsync(this CloudDbContext context, IReadOnlyCollection<DeviceId> ids, CancellationToken cancellationToken) =>
        context.LocksRows
            ? context.Set<Device>()
                .FromSqlRaw("""SELECT * FROM devices WHERE "Id" = ANY({0}) ORDER BY "Id" FOR UPDATE""", ids.Select(id => id.Value).ToArray())
                .ToListAsync(cancellationToken)
            : context.Set<Device>().Where(d => ids.Contains(d.Id)).OrderBy(d => d.Id).ToListAsync(cancellationToken);

    /// <summary>Locks and reads all devices of a user.</summary>
    public static Task<List<Device>> LockDevicesOfAsync(this CloudDbContext context, UserId user, CancellationToken cancellationToken) =>
        context.LocksRows
            ? context.Set<Device>().FromSql($"""SELECT * FROM devices WHERE "UserId" = {user.Value} ORDER BY "Id" FOR UPDATE""").ToListAsync(cancellationToken)
            : context.Set<Device>().Where(d => d.UserId == user).OrderBy(d => d.Id).ToListAsync(cancellationToken);

    /// <summary>Locks the row of a user, which is made where it is missing.</summary>
    public static async Task<UserRow> LockUserAsync(this CloudDbContext context, UserId user, CancellationToken cancellationToken)
    {
        await context.Database.ExecuteSqlAsync(
            $"""INSERT INTO user_rows ("Id", "Erased") VALUES ({user.Value}, {false}) ON CONFLICT DO NOTHING""", cancellationToken);
        return context.LocksRows
            ? await context.Set<UserRow>().FromSql($"""SELECT * FROM user_rows WHERE "Id" = {user.Value} FOR UPDATE""").SingleAsync(cancellationToken)
            : await context.Set<UserRow>().SingleAsync(u => u.Id == user, cancellationToken);
    }

    /// <summary>Locks and reads a one-time token.</summary>
    public static async Task<OneTimeTokenRow?> LockOneTimeTokenAsync(this CloudDbContext context, byte[] hash, CancellationToken cancellationToken) =>
        context.LocksRows
            ? (await context.Set<OneTimeTokenRow>().FromSql($"""SELECT * FROM one_time_tokens WHERE "Hash" = {hash} FOR UPDATE""").ToListAsync(cancellationToken)).FirstOrDefault()
            : await context.Set<OneTimeTokenRow>().FirstOrDefaultAsync(t => t.Hash == hash, cancellationToken);

    /// <summary>Locks and reads a token family.</summary>
    public static async Task<TokenFamily?> LockFamilyAsync(this CloudDbContext context, Guid id, CancellationToken cancellationToken) =>
        context.LocksRows
            ? (await context.Set<TokenFamily>().FromSql($"""SELECT * FROM token_families WHERE "Id" = {id} FOR UPDATE""").ToListAsync(cancellationToken)).FirstOrDefault()
            : await context.Set<TokenFamily>().FirstOrDefaultAsync(f => f.Id == id, cancellationToken);

    /// <summary>Locks and reads subscriptions in order of id. Asks <paramref name="which"/> before it locks: what a caller relies on it looks at again.</summary>
    public static async Task<List<SubscriptionRow>> LockSubscriptionsAsync(
        this CloudDbContext context, IQueryable<SubscriptionRow> which, CancellationToken cancellationToken)
    {
        if (!context.LocksRows) return await which.OrderBy(s => s.Id).ToListAsync(cancellationToken);
        var ids = await which.Select(s => s.Id).ToArrayAsync(cancellationToken);
        return ids.Length == 0
            ? []
            : await context.Set<SubscriptionRow>()
                .FromSqlRaw("""SELECT * FROM subscriptions WHERE "Id" = ANY({0}) ORDER BY "Id" FOR UPDATE""", ids).ToListAsync(cancellationToken);
    }

    /// <summary>Locks and reads the sender's rows of subscriptions whose own are locked.</summary>
    public static async Task<Dictionary<Guid, DeliveryRow>> LockDeliveriesAsync(
        this CloudDbContext context, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        if (context.LocksRows)
        {
            return await context.Set<DeliveryRow>()
                .FromSqlRaw("""SELECT * FROM deliveries WHERE "SubscriptionId" = ANY({0}) ORDER BY "SubscriptionId" FOR UPDATE""", ids.ToArray())
                .ToDictionaryAsync(d => d.SubscriptionId, cancellationToken);
        }
        var rows = new Dictionary<Guid, DeliveryRow>(ids.Count);
        foreach (var some in ids.Chunk(IdsAtOnce))
        {
            await foreach (var row in context.Set<DeliveryRow>().Where(d => some.Contains(d.SubscriptionId)).AsAsyncEnumerable().WithCancellation(cancellationToken))
                rows.Add(row.SubscriptionId, row);
        }
        return rows;
    }

    /// <summary>Takes the notifications out of the store that no delivery waits for any more: those before its oldest. The caller holds the locks, and has
    /// saved the deliveries.</summary>
    public static async Task RemoveSettledAsync(this CloudDbContext context, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        foreach (var some in ids.Chunk(IdsAtOnce))
        {
            await context.Set<NotificationRow>()
                .Where(n => some.Contains(n.SubscriptionId)
                    && n.Number < context.Set<DeliveryRow>().Where(d => d.SubscriptionId == n.SubscriptionId).Select(d => d.Oldest).First())
                .ExecuteDeleteAsync(cancellationToken);
        }
    }
}
