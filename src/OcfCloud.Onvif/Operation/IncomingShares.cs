using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Outbound;
using OcfCloud.Core.Storage;
using OcfCloud.Identity.DeviceClients;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Enrolment;
using OcfCloud.Onvif.Sharing;

namespace OcfCloud.Onvif.Operation;

/// <summary>
/// The cameras that users ask other clouds for with share tokens (Operational Cloud Service).
/// <code>
///   token ─► proposed: shown to the user, nothing sent ─► confirmed: requesting ─► sent: requested ─► deviceSharingCompleted: completed ─► first uplink: connected or quarantined
///                                                                └─► refused: failed                         └─► nothing came by the deadline: timed out
/// </code>
/// </summary>
public sealed class IncomingShares
{
    // Of one user, beside those under way: older ones that came to nothing are forgotten.
    private const int MaxEndedFactor = 10;

    private readonly Store _store;
    private readonly OutboundGuard _guard;
    private readonly SealedSecrets _secrets;
    private readonly RequestSignal _signal;
    private readonly CameraRemoval _removal;
    private readonly Announcements _announcements;
    private readonly OnvifOptions _options;
    private readonly TimeProvider _time;

    internal IncomingShares(Store store, OutboundGuard guard, SealedSecrets secrets, RequestSignal signal, CameraRemoval removal, Announcements announcements, IOptions<OnvifOptions> options, TimeProvider time)
    {
        _store = store;
        _guard = guard;
        _secrets = secrets;
        _signal = signal;
        _removal = removal;
        _announcements = announcements;
        _options = options.Value;
        _time = time;
    }

    /// <summary>Reads a token and keeps what would be asked of whom; nothing is sent.</summary>
    /// <param name="user">Who brings it.</param>
    /// <param name="token">The compact JWS, or base64 of it; white space around it does not count.</param>
    /// <param name="level">What is asked for; null: what the token offers, else Administrator.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<ProposalOutcome> ProposeAsync(UserId user, string token, UserLevel? level, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (!_options.HasUplink) return Refused(ProposalRefusal.NoUplink);
        var text = token.Trim();
        if (ShareTokenText.CompactOf(text) is not { } compact || TokenPromise.Read(compact) is not { } promise) return Refused(ProposalRefusal.Token);
        if (await _guard.CheckAsync(promise.Xaddr.Text, cancellationToken) != OutboundRefusal.None) return Refused(ProposalRefusal.Address);
        var nonce = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = _time.GetUtcNow();
        var share = new IncomingShare
        {
            Id = Guid.NewGuid(),
            UserId = user,
            State = IncomingShareState.Proposed,
            Xaddr = promise.Xaddr.Text,
            Manufacturer = promise.Manufacturer,
            Model = promise.Model,
            SerialNumber = promise.SerialNumber,
            Mode = promise.Mode,
            UserLevel = level ?? promise.MaxUserLevel ?? UserLevel.Administrator,
            Token = _secrets.Seal(text),
            TokenHash = ShareTokenText.HashOf(compact),
            Nonce = _secrets.Seal(nonce),
            NonceHash = HashOf(nonce),
            ClientId = DeviceClientRegister.NewId(),
            CreatedAt = now,
            DeadlineAt = now + _options.ShareTimeout,
        };
        var refusal = await _store.WriteAsync((context, stop) => AddAsync(context, share, stop), cancellationToken);
        return refusal == ProposalRefusal.None ? new ProposalOutcome(refusal, IncomingShareSummary.Of(share)) : Refused(refusal);
    }

    /// <summary>Lets startDeviceSharing go out. Once confirmed, doing it again changes nothing.</summary>
    /// <returns>How far it is now; null where the user has no such share.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IncomingShareSummary?> ConfirmAsync(UserId user, Guid id, CancellationToken cancellationToken)
    {
        var confirmed = await _store.WriteAsync(
            async (context, stop) =>
            {
                if (!await UserLock.TakeAsync(context, user, stop) || await IncomingShareRows.LockAsync(context, id, stop) is not { } share || share.UserId != user) return null;
                var now = _time.GetUtcNow();
                if (share.State == IncomingShareState.Proposed && share.DeadlineAt <= now)
                {
                    // What ends such shares has not come by yet.
                    (share.State, share.Reason) = (IncomingShareState.TimedOut, RequestQueue.NotConfirmed);
                    _announcements.CameraChanged(context, user, camera: null);
                }
                else if (share.State == IncomingShareState.Proposed)
                {
                    share.State = IncomingShareState.Requesting;
                    share.DueAt = now;
                    share.DeadlineAt = now + _options.ShareTimeout;
                    _announcements.CameraChanged(context, user, camera: null);
                }

                return IncomingShareSummary.Of(share);
            },
            cancellationToken);
        if (confirmed is not null) _signal.Set();
        return confirmed;
    }

    /// <summary>A user's incoming shares, newest first.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IReadOnlyList<IncomingShareSummary>> ListAsync(UserId user, CancellationToken cancellationToken) => _store.ReadAsync<IReadOnlyList<IncomingShareSummary>>(
        async (context, stop) =>
        {
            var rows = await context.Set<IncomingShare>().Where(share => share.UserId == user).OrderByDescending(share => share.CreatedAt).ThenBy(share => share.Id).ToListAsync(stop);
            return [.. rows.Select(IncomingShareSummary.Of)];
        },
        cancellationToken);

    /// <summary>One of them; null where the user has no such share.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<IncomingShareSummary?> FindAsync(UserId user, Guid id, CancellationToken cancellationToken) => _store.ReadAsync(
        async (context, stop) => await context.Set<IncomingShare>().FirstOrDefaultAsync(share => share.Id == id && share.UserId == user, stop) is { } row ? IncomingShareSummary.Of(row) : null,
        cancellationToken);

    /// <summary>Forgets one: what is still under way comes to nothing, and a camera that never connected goes with its key, for nothing could say any more whether it is the promised one.
    /// A camera that did stays; it has a removal of its own.</summary>
    /// <returns>False where the user has no such share.</returns>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task<bool> DeleteAsync(UserId user, Guid id, CancellationToken cancellationToken) => _store.WriteAsync(
        async (context, stop) =>
        {
            await UserLock.TakeAsync(context, user, stop);
            if (await IncomingShareRows.LockAsync(context, id, stop) is not { } share || share.UserId != user) return false;
            var waiting = share.CameraId is { } camera ? await context.Set<Camera>().FirstOrDefaultAsync(c => c.Id == camera && c.State == CameraState.Waiting, stop) : null;
            if (waiting is not null) await _removal.RemoveAsync(context, waiting, stop);
            else context.Remove(share);
            _announcements.CameraChanged(context, user, camera: null);
            return true;
        },
        cancellationToken);

    /// <summary>What is kept of a nonce to find its share by.</summary>
    internal static byte[] HashOf(string nonce) => SHA256.HashData(Encoding.UTF8.GetBytes(nonce));

    private async Task<ProposalRefusal> AddAsync(CloudDbContext context, IncomingShare share, CancellationToken cancellationToken)
    {
        if (!await UserLock.TakeAsync(context, share.UserId, cancellationToken)) return ProposalRefusal.UnknownUser;
        var own = context.Set<IncomingShare>().Where(other => other.UserId == share.UserId);
        var underWay = await own.CountAsync(other => other.State <= IncomingShareState.Completed, cancellationToken);
        var cameras = await context.Set<Camera>().CountAsync(camera => camera.UserId == share.UserId, cancellationToken)
            + await IncomingShareRows.CountComingAsync(context, share.UserId, _time.GetUtcNow(), cancellationToken);
        if (underWay >= _options.MaxIncomingShares || cameras >= _options.MaxCamerasPerUser) return ProposalRefusal.TooMany;

        // A camera that never connected is still to be compared with what was promised.
        var old = await own.Where(other => other.State == IncomingShareState.Failed || other.State == IncomingShareState.TimedOut)
            .Where(other => !context.Set<Camera>().Any(camera => camera.Id == other.CameraId && camera.State == CameraState.Waiting)).OrderByDescending(other => other.CreatedAt)
            .Skip(_options.MaxIncomingShares * MaxEndedFactor).ToListAsync(cancellationToken);
        context.RemoveRange(old);
        context.Add(share);
        _announcements.CameraChanged(context, share.UserId, camera: null);
        return ProposalRefusal.None;
    }

    private static ProposalOutcome Refused(ProposalRefusal refusal) => new(refusal, null);
}
