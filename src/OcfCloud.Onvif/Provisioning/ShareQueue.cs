using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>
/// The shares that are due. A node claims those whose camera has its uplink here, one of a camera at a time, and those that need no camera; a claim is a lease that is renewed as long as the work runs.
/// </summary>
internal sealed class ShareQueue(Store store, NodeIdentity node, ICameraConnections connections, IOptions<OnvifOptions> options, TimeProvider time)
{
    // Looked at for one claim: enough to find some that can be worked on behind others of the same camera.
    private const int Looked = 256;

    /// <summary>Gives back what this node's former life held: it is due at once, not after its lease. (SQLite: all; there is no other node.)</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task ReleaseFormerLifeAsync(CancellationToken cancellationToken)
    {
        var me = node.Id;
        return store.WriteAsync(
            (context, token) => context.Set<Share>().Where(share => share.LeaseOwner != null && (!context.LocksRows || share.LeaseOwner == me))
                .ExecuteUpdateAsync(row => row.SetProperty(share => share.LeaseOwner, (Guid?)null).SetProperty(share => share.LeaseUntil, (DateTimeOffset?)null), token),
            cancellationToken);
    }

    /// <summary>Claims what is due.</summary>
    /// <param name="free">How many at most.</param>
    /// <param name="running">Those that are being worked on here.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<Share>> ClaimAsync(int free, IReadOnlyCollection<Guid> running, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var slots = new ShareSlots(options.Value.MaxParallelShares);
        var due = await store.ReadAsync(
            async (context, token) =>
            {
                if (running.Count > 0)
                {
                    foreach (var share in await context.Set<Share>().Where(one => running.Contains(one.Id)).Select(one => new { one.UserId, one.State }).ToListAsync(token)) slots.TryTake(share.UserId, share.State);
                }

                // What could not be claimed now anyway is not looked at: it would hide what can.
                var (full, mayNotify) = (slots.FullUsers, slots.MayNotify);
                return await Due(context, now).Where(share => !running.Contains(share.Id) && !full.Contains(share.UserId) && (mayNotify || share.State != ShareState.Notifying))
                    .Where(share => share.State == ShareState.Notifying || share.State == ShareState.Transferring
                        || !context.Set<Share>().Any(other => other.CameraId == share.CameraId && other.LeaseUntil > now && other.State != ShareState.Notifying))
                    .OrderBy(share => share.DueAt).Take(Looked)
                    .Select(share => new { share.Id, share.CameraId, share.UserId, share.State, share.DeadlineAt, IsBare = !context.Set<CameraObject>().Any(made => made.ShareId == share.Id) }).ToListAsync(token);
            },
            cancellationToken);

        // The rows say where uplinks were a moment ago; the connections are asked too. Of one camera, one that needs it.
        var able = due.Where(share => !NeedsCamera(share.State) || share.DeadlineAt <= now || connections.IsConnected(share.CameraId) || (share.IsBare && IsTakingBack(share.State)));
        var wanted = able.DistinctBy(share => NeedsCamera(share.State) ? share.CameraId : share.Id).Where(share => slots.TryTake(share.UserId, share.State)).Take(free).ToList();
        Guid[] shares = [.. wanted.Select(share => share.Id)], cameras = [.. wanted.Select(share => share.CameraId).Distinct()];
        return shares.Length == 0 ? [] : await store.WriteAsync((context, token) => ClaimAsync(context, shares, cameras, token), cancellationToken);
    }

    /// <summary>Renews the leases of what is being worked on here.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task RenewAsync(IReadOnlyCollection<Guid> running, CancellationToken cancellationToken)
    {
        var (me, until) = (node.Id, time.GetUtcNow() + options.Value.WorkLease);
        return store.WriteAsync(
            (context, token) => context.Set<Share>().Where(share => running.Contains(share.Id) && share.LeaseOwner == me)
                .ExecuteUpdateAsync(row => row.SetProperty(share => share.LeaseUntil, until), token),
            cancellationToken);
    }

    /// <summary>Gives a claim back, with the time at which the share is to be worked on again where its turn came to no end of its own.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task ReleaseAsync(Guid share, DateTimeOffset? dueAt, CancellationToken cancellationToken)
    {
        var me = node.Id;
        return store.WriteAsync(
            (context, token) => context.Set<Share>().Where(one => one.Id == share && one.LeaseOwner == me).ExecuteUpdateAsync(
                row => row.SetProperty(one => one.LeaseOwner, (Guid?)null).SetProperty(one => one.LeaseUntil, (DateTimeOffset?)null)
                    .SetProperty(one => one.DueAt, one => dueAt == null || one.DueAt == null ? one.DueAt : dueAt),
                token),
            cancellationToken);
    }

    private static bool NeedsCamera(ShareState state) => state is not (ShareState.Notifying or ShareState.Transferring);

    private static bool IsTakingBack(ShareState state) => state is ShareState.Unsharing or ShareState.RollingBack;

    // What needs a camera is due on the node that holds its uplink; what is over its time, or has nothing on the camera, on any. A last look at an uplink is only that node's, where there is one.
    private IQueryable<Share> Due(CloudDbContext context, DateTimeOffset now)
    {
        var me = node.Id;
        return context.Set<Share>().Where(share => share.DueAt <= now && (share.LeaseUntil == null || share.LeaseUntil <= now)
            && (share.State == ShareState.Notifying || (share.DeadlineAt <= now && share.State != ShareState.Connecting)
                || context.Set<CameraUplink>().Any(uplink => uplink.CameraId == share.CameraId && uplink.Node == me)
                || ((share.State == ShareState.Unsharing || share.State == ShareState.RollingBack) && !context.Set<CameraObject>().Any(made => made.ShareId == share.Id))
                || ((share.State == ShareState.Transferring || (share.State == ShareState.Connecting && share.DeadlineAt <= now)) && !context.Set<CameraUplink>().Any(uplink => uplink.CameraId == share.CameraId))));
    }

    private async Task<IReadOnlyList<Share>> ClaimAsync(CloudDbContext context, Guid[] shares, Guid[] cameras, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var locked = context.LocksRows
            ? await context.Set<Camera>().FromSqlRaw("""SELECT * FROM cameras WHERE "Id" = ANY({0}) ORDER BY "Id" FOR UPDATE SKIP LOCKED""", cameras).Select(camera => camera.Id).ToListAsync(cancellationToken)
            : [.. cameras];
        var due = await Due(context, now).AsTracking().Where(share => locked.Contains(share.CameraId) && shares.Contains(share.Id)).OrderBy(share => share.DueAt).ToListAsync(cancellationToken);
        var busy = await context.Set<Share>().Where(share => locked.Contains(share.CameraId) && share.LeaseUntil > now && share.State != ShareState.Notifying)
            .Select(share => share.CameraId).ToListAsync(cancellationToken);
        var claimed = new List<Share>();
        foreach (var share in due)
        {
            if (NeedsCamera(share.State))
            {
                if (busy.Contains(share.CameraId)) continue;
                busy.Add(share.CameraId);
            }

            share.LeaseOwner = node.Id;
            share.LeaseUntil = now + options.Value.WorkLease;
            claimed.Add(share);
        }

        return claimed;
    }
}
