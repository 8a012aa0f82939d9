using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Onvif.Operation;

/// <summary>The incoming shares whose startDeviceSharing is to be sent, and those whose time is over. Several nodes claim them by a lease in the row.</summary>
internal sealed class RequestQueue(Store store, NodeIdentity node, Announcements announcements, IOptions<OnvifOptions> options, TimeProvider time)
{
    /// <summary>Why a share ends that its user let lie.</summary>
    public const string NotConfirmed = "It was not confirmed in time.";

    // Of one look; the next one comes soon.
    private const int MaxUsers = 200;

    private readonly OnvifOptions _options = options.Value;

    /// <summary>Longer than a claim can be worked on.</summary>
    private TimeSpan Lease => (RequestSender.MaxAttempts * 2 * _options.CloudCallTimeout) + RequestSender.AllRests + _options.WorkLease;

    /// <summary>Gives back what this node's former life held. (SQLite: all; there is no other node.)</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task ReleaseFormerLifeAsync(CancellationToken cancellationToken)
    {
        var me = node.Id;
        return store.WriteAsync(
            (context, token) => context.Set<IncomingShare>().Where(share => share.LeaseOwner != null && (!context.LocksRows || share.LeaseOwner == me))
                .ExecuteUpdateAsync(row => row.SetProperty(share => share.LeaseOwner, (Guid?)null).SetProperty(share => share.LeaseUntil, (DateTimeOffset?)null), token),
            cancellationToken);
    }

    /// <summary>Claims some that are due, the longest due first.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<IncomingShare>> ClaimAsync(int max, CancellationToken cancellationToken)
    {
        // Looking in vain is what happens each second: it takes no writer's turn.
        var due = await store.ReadAsync((context, token) => Due(context).OrderBy(share => share.DueAt).Select(share => share.Id).Take(max).ToListAsync(token), cancellationToken);
        var claimed = new List<IncomingShare>(due.Count);
        foreach (var id in due)
        {
            if (await store.WriteAsync((context, token) => ClaimAsync(context, id, token), cancellationToken) is { } share) claimed.Add(share);
        }

        return claimed;
    }

    /// <summary>Writes what came of one. What was completed meanwhile, or is gone, stays so.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer: the lease runs out.</exception>
    public Task SettleAsync(IncomingShare claimed, RequestOutcome outcome, CancellationToken cancellationToken) => store.WriteAsync(
        async (context, token) =>
        {
            if (!await UserLock.TakeAsync(context, claimed.UserId, token)) return;
            if (await IncomingShareRows.LockAsync(context, claimed.Id, token) is not { } share || share.LeaseOwner != node.Id) return;
            (share.LeaseOwner, share.LeaseUntil) = (null, null);
            if (share.State != IncomingShareState.Requesting) return;
            share.State = outcome.IsTaken ? IncomingShareState.Requested : IncomingShareState.Failed;
            share.Reason = outcome.Reason;
            share.DueAt = null;
            announcements.CameraChanged(context, share.UserId, camera: null);
        },
        cancellationToken);

    /// <summary>Ends those whose time is over.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task EndOverdueAsync(CancellationToken cancellationToken)
    {
        var users = await store.ReadAsync((context, token) => Overdue(context).Select(share => share.UserId).Distinct().Take(MaxUsers).ToListAsync(token), cancellationToken);
        foreach (var user in users) await store.WriteAsync((context, token) => EndAsync(context, user, token), cancellationToken);
    }

    private async Task EndAsync(CloudDbContext context, UserId user, CancellationToken cancellationToken)
    {
        if (!await UserLock.TakeAsync(context, user, cancellationToken)) return;
        var overdue = Overdue(context).Where(share => share.UserId == user);
        var ended = await EndAsync(overdue.Where(share => share.State == IncomingShareState.Proposed), NotConfirmed, cancellationToken)
            + await EndAsync(overdue.Where(share => share.State == IncomingShareState.Completed), "The camera did not connect in time.", cancellationToken)
            + await EndAsync(overdue, "The other cloud did not configure the camera in time.", cancellationToken);
        if (ended > 0) announcements.CameraChanged(context, user, camera: null);
    }

    private IQueryable<IncomingShare> Due(CloudDbContext context)
    {
        var now = time.GetUtcNow();
        return context.Set<IncomingShare>().Where(share => share.State == IncomingShareState.Requesting && share.DueAt <= now && (share.LeaseUntil == null || share.LeaseUntil <= now));
    }

    private IQueryable<IncomingShare> Overdue(CloudDbContext context)
    {
        var now = time.GetUtcNow();
        return context.Set<IncomingShare>().Where(share => share.DeadlineAt <= now && share.State <= IncomingShareState.Completed);
    }

    private async Task<IncomingShare?> ClaimAsync(CloudDbContext context, Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();

        // Another node was quicker, or its user.
        if (await IncomingShareRows.LockAsync(context, id, cancellationToken) is not { State: IncomingShareState.Requesting } share || share.LeaseUntil > now || share.DueAt is null) return null;
        share.LeaseOwner = node.Id;
        share.LeaseUntil = now + Lease;
        return share;
    }

    private static Task<int> EndAsync(IQueryable<IncomingShare> shares, string reason, CancellationToken cancellationToken) => shares.ExecuteUpdateAsync(
        row => row.SetProperty(share => share.State, IncomingShareState.TimedOut).SetProperty(share => share.Reason, reason).SetProperty(share => share.DueAt, (DateTimeOffset?)null),
        cancellationToken);
}
