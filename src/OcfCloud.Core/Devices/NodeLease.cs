using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Devices;

/// <summary>
/// By what a node is known to live. Sessions of one that does not are set offline: of this node's former life at its start, of another node when its lease has
/// run out by the store's clock. Locks go node first, then what hangs on it.
/// </summary>
internal sealed class NodeLease(Store store, NodeIdentity node, NodeLife life, TimeProvider time, IEnumerable<INodeBelongings> belongings)
{
    private readonly INodeBelongings[] _belongings = [.. belongings];

    /// <summary>Renews this node's lease in the caller's transaction.</summary>
    /// <returns>Whether another node had cleared it: then all live sessions have to be written anew.</returns>
    public async Task<bool> RenewAsync(CloudDbContext context, CancellationToken cancellationToken)
    {
        if (await life.TryRenewAsync(context, cancellationToken)) return false;
        var (id, until) = (node.Id, await life.UntilAsync(context, cancellationToken));
        await context.Database.ExecuteSqlAsync(
            $"""INSERT INTO nodes ("Id", "LeaseUntil") VALUES ({id}, {until.UtcTicks}) ON CONFLICT DO NOTHING""", cancellationToken);
        return true;
    }

    /// <summary>Sets the former life of this node offline (SQLite: of all), and takes the lease. When its devices were last seen stays as it is: when it
    /// ended is not known.</summary>
    public Task ClearFormerLifeAsync(CancellationToken cancellationToken) => ClearOwnAsync(seen: null, cancellationToken);

    /// <summary>Sets what is left of this node's life offline, now.</summary>
    public Task ClearThisLifeAsync(CancellationToken cancellationToken) => ClearOwnAsync(time.GetUtcNow(), cancellationToken);

    /// <summary>Sets the sessions of nodes offline whose lease has run out. Each is claimed by its row, so that one node does it, and cleared by itself, so that nobody waits for one node's rows
    /// while holding another's.</summary>
    public async Task ClearRunOutAsync(CancellationToken cancellationToken)
    {
        while (await store.WriteAsync(ClearOneRunOutAsync, cancellationToken))
        {
            // Until there is none left.
        }
    }

    /// <summary>Has what other rooms store of this node's connections written again.</summary>
    public void WriteBelongingsAnew()
    {
        foreach (var room in _belongings) room.WriteAnew();
    }

    private async Task<bool> ClearOneRunOutAsync(CloudDbContext context, CancellationToken cancellationToken)
    {
        var now = (await life.NowAsync(context, cancellationToken)).UtcTicks;
        var gone = await context.Set<Node>()
            .FromSql($"""SELECT * FROM nodes WHERE "LeaseUntil" < {now} ORDER BY "Id" LIMIT 1 FOR UPDATE SKIP LOCKED""")
            .ToListAsync(cancellationToken);
        if (gone is not [var other]) return false;
        await ClearAsync(context, other.Id, time.GetUtcNow(), cancellationToken);
        context.Remove(other);
        return true;
    }

    private Task ClearOwnAsync(DateTimeOffset? seen, CancellationToken cancellationToken) =>
        store.WriteAsync(
            async (context, token) =>
            {
                await RenewAsync(context, token);
                await ClearAsync(context, store.Dialect.IsShared ? node.Id : null, seen, token);
            },
            cancellationToken);

    // Marked, told, cleared: the three statements see the same rows, however many there are.
    private async Task ClearAsync(CloudDbContext context, Guid? of, DateTimeOffset? seen, CancellationToken cancellationToken)
    {
        foreach (var room in _belongings) await room.ClearAsync(context, of, cancellationToken);
        var mark = Guid.NewGuid();
        var now = time.GetUtcNow().UtcTicks;
        if (of is { } other)
        {
            await context.Database.ExecuteSqlAsync(
                $"""
                UPDATE devices SET "NodeId" = {mark} WHERE "Id" IN (SELECT "Id" FROM devices WHERE "Online" AND "NodeId" = {other} ORDER BY "Id" FOR UPDATE)
                """,
                cancellationToken);
        }
        else
        {
            await context.Set<Device>().Where(d => d.Online).ExecuteUpdateAsync(set => set.SetProperty(d => d.NodeId, mark), cancellationToken);
        }
        var told = await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO outbox ("Kind", "UserId", "DeviceId", "Session", "At")
            SELECT {(int)EventKind.DeviceOffline}, "UserId", "Id", 0, {now} FROM devices WHERE "NodeId" = {mark} ORDER BY "Id"
            """,
            cancellationToken);
        await context.Set<Device>().Where(d => d.NodeId == mark).ExecuteUpdateAsync(
            set => set.SetProperty(d => d.Online, false).SetProperty(d => d.NodeId, (Guid?)null).SetProperty(d => d.LastSeenAt, d => seen ?? d.LastSeenAt),
            cancellationToken);
        if (told > 0) context.HasEvents = true;
    }
}
