using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Tokens;

namespace OcfCloud.Core.Storage;

/// <summary>
/// The first statements of whoever writes an event: the device's row, or without a device its user's, several in order of id. So the ids of one device's
/// outbox rows follow its commits, and nothing deadlocks (architecture.md, How a change flows). Where more is locked the order is: user, token, devices.
/// </summary>
/// <remarks>On SQLite a write transaction is alone from its BEGIN IMMEDIATE on: there the queries are plain ones.</remarks>
internal static class RowLocks
{
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
}
