using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>The shares of a user's cameras: what became of them, and what their owner does about them. Others' are unknown.</summary>
public sealed class CameraShares
{
    // Without the configuration, which may be large.
    private static readonly Expression<Func<Share, Shown>> ToShown = share => new Shown(share.Id, share.TokenId, share.Mode, share.State, share.Reason, share.ServerAuthority, share.CreatedAt);

    private readonly Store _store;
    private readonly Announcements _announcements;
    private readonly SharingSignal _signal;
    private readonly IOptions<OnvifOptions> _options;
    private readonly TimeProvider _time;

    private readonly AuditTrail _audit;

    internal CameraShares(Store store, Announcements announcements, SharingSignal signal, AuditTrail audit, IOptions<OnvifOptions> options, TimeProvider time) =>
        (_store, _announcements, _signal, _audit, _options, _time) = (store, announcements, signal, audit, options, time);

    /// <summary>Lists the shares of a camera, the newest first.</summary>
    /// <returns>Null: the user has no such camera.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<ShareSummary>?> ListAsync(UserId user, Guid camera, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<ShareSummary>?>(
        async (context, token) =>
        {
            if (await context.Set<Camera>().SingleOrDefaultAsync(one => one.Id == camera && one.UserId == user, token) is not { } found) return null;
            var shares = await context.Set<Share>().Where(share => share.CameraId == camera && share.UserId == user).OrderByDescending(share => share.CreatedAt).Select(ToShown).ToListAsync(token);
            var ids = shares.Select(share => share.Id).ToList();
            var steps = await context.Set<ShareStep>().Where(step => ids.Contains(step.ShareId)).OrderBy(step => step.Number).ToListAsync(token);
            var made = await context.Set<CameraObject>().Where(one => ids.Contains(one.ShareId)).Select(one => one.ShareId).Distinct().ToListAsync(token);
            return [.. shares.Select(share => SummaryOf(share, found, steps.Where(step => step.ShareId == share.Id), made.Contains(share.Id)))];
        },
        cancellationToken);

    /// <summary>Finds one share.</summary>
    /// <returns>Null: the user has no such camera, or it no such share.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<ShareSummary?> FindAsync(UserId user, Guid camera, Guid share, CancellationToken cancellationToken) => _store.ReadAsync(
        async (context, token) =>
        {
            if (await context.Set<Share>().Where(one => one.Id == share && one.CameraId == camera && one.UserId == user).Select(ToShown).SingleOrDefaultAsync(token) is not { } found) return null;
            var steps = await context.Set<ShareStep>().Where(step => step.ShareId == share).OrderBy(step => step.Number).ToListAsync(token);
            return SummaryOf(found, await context.Set<Camera>().SingleAsync(one => one.Id == camera, token), steps, await context.Set<CameraObject>().AnyAsync(made => made.ShareId == share, token));
        },
        cancellationToken);

    /// <summary>Begins another series of notifications of the other cloud, which could not be told.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<ShareChange> ResendAsync(UserId user, Guid camera, Guid share, CancellationToken cancellationToken) => ChangeAsync(
        user, camera, share,
        (_, found, now, _) =>
        {
            if (found.State != ShareState.Unreachable) return Task.FromResult(ShareChange.Conflict);
            (found.State, found.Reason, found.Attempts, found.DueAt, found.DeadlineAt) = (ShareState.Notifying, null, 0, now, now + _options.Value.NotifyGiveUpAfter);
            return Task.FromResult(ShareChange.Done);
        },
        cancellationToken);

    /// <summary>Takes the other cloud's access back; an offline camera is waited for. A job that is not done ends.</summary>
    /// <returns><see cref="ShareChange.Conflict"/> where the camera has left.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<ShareChange> UnshareAsync(UserId user, Guid camera, Guid share, CancellationToken cancellationToken) => ChangeAsync(
        user, camera, share,
        async (context, found, now, token) =>
        {
            if (found.State is ShareState.Transferring or ShareState.Transferred || await context.Set<Camera>().AnyAsync(one => one.Id == camera && one.State == CameraState.Transferred, token))
                return ShareChange.Conflict;
            if (found.State is ShareState.Unsharing or ShareState.Unshared) return ShareChange.Done;

            // What is being rolled back may be given up, an owner's wish is not: it goes on as that.
            if (found.State is ShareState.Failed or ShareState.RollingBack && !await context.Set<CameraObject>().AnyAsync(made => made.ShareId == share, token)) return ShareChange.Done;

            // However long the camera is away: what the owner took back must not come to life again with it.
            (found.State, found.Reason, found.Attempts, found.DueAt, found.DeadlineAt) = (ShareState.Unsharing, null, 0, now, DateTimeOffset.MaxValue);
            _audit.Add(context, AuditKind.ShareTakenBack, $"camera:{camera}", user, $"share {share}");
            return ShareChange.Done;
        },
        cancellationToken);

    private static ShareSummary SummaryOf(Shown share, Camera camera, IEnumerable<ShareStep> steps, bool isOnCamera) =>
        new(share.Id, share.TokenId, share.Mode, share.State, share.Reason, share.ServerAuthority, share.CreatedAt, [.. steps])
        {
            MayUnshare = camera.State != CameraState.Transferred && share.State switch
            {
                ShareState.Transferring or ShareState.Transferred or ShareState.Unsharing or ShareState.Unshared or ShareState.RollingBack => false,
                ShareState.Failed => isOnCamera,
                _ => true,
            },
        };

    private async Task<ShareChange> ChangeAsync(
        UserId user, Guid camera, Guid share, Func<CloudDbContext, Share, DateTimeOffset, CancellationToken, Task<ShareChange>> change, CancellationToken cancellationToken)
    {
        var came = await _store.WriteAsync(
            async (context, token) =>
            {
                await UserLock.TakeAsync(context, user, token);
                var found = await context.Set<Share>().AsTracking().SingleOrDefaultAsync(one => one.Id == share && one.CameraId == camera && one.UserId == user, token);
                if (found is null) return ShareChange.Unknown;
                var before = found.State;
                var outcome = await change(context, found, _time.GetUtcNow(), token);
                if (found.State != before) _announcements.CameraChanged(context, user, camera);
                return outcome;
            },
            cancellationToken);
        if (came == ShareChange.Done) _signal.Set();
        return came;
    }

    private sealed record Shown(Guid Id, Guid TokenId, ShareMode Mode, ShareState State, string? Reason, string ServerAuthority, DateTimeOffset CreatedAt);
}
