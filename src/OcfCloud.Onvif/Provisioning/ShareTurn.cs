using Microsoft.Extensions.Options;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Soap;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Provisioning;

/// <summary>
/// One turn of the work on a share: what its state asks for, as far as it goes now.
/// <code>
///   Waiting ◄─► Configuring ─► Notifying ─► Connecting ─► Connected
///      │             │            │              └─► (transfer) Transferring ─► Transferred
///      └──────┬──────┘            └► Unreachable └─► Incomplete
///             ▼                                                       owner: any that is not over ─► Unsharing ─► Unshared
///        RollingBack ─► Failed
/// </code>
/// </summary>
internal sealed partial class ShareTurn(
    Store store, NodeIdentity node, Announcements announcements, AuditTrail audit, CameraCalls calls, ICameraConnections connections, ICompletionCalls completions, ICameraClients clients, SealedSecrets secrets,
    IOptions<OnvifOptions> options, TimeProvider time)
{
    private const string TakeBackRefused = "TakeBackRefused";

    private static readonly TimeSpan MaxSilenceRest = TimeSpan.FromMinutes(1);

    private OnvifOptions Settings => options.Value;

    /// <summary>Runs the turn of a share that was claimed.</summary>
    /// <exception cref="ShareChangedException">The share is not what it was any more.</exception>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task RunAsync(Share claimed, CancellationToken cancellationToken)
    {
        if (await ShareInHand.TakeAsync(store, node, announcements, audit, time, options, claimed, cancellationToken) is not { } hand) return;
        await (claimed.State switch
        {
            ShareState.Waiting or ShareState.Configuring => ConfigureAsync(hand, cancellationToken),
            ShareState.Notifying => NotifyAsync(hand, cancellationToken),
            ShareState.Connecting => WatchAsync(hand, cancellationToken),
            ShareState.Transferring => LetGoAsync(hand, cancellationToken),
            ShareState.RollingBack or ShareState.Unsharing => TakeBackAsync(hand, cancellationToken),
            _ => hand.WriteAsync((_, share) => share.DueAt = null, null, null, cancellationToken),
        });
    }

    private async Task ConfigureAsync(ShareInHand hand, CancellationToken cancellationToken)
    {
        if (hand.Share.DeadlineAt <= hand.Now)
        {
            await FailAsync(hand, "The camera was not there in time.", cancellationToken);
            return;
        }

        if (hand.Camera.State == CameraState.Transferred)
        {
            await FailAsync(hand, "The camera went to another cloud.", cancellationToken);
            return;
        }

        var promised = hand.Share.EchoedToken is { } sealedToken && secrets.TryOpen(sealedToken) is { } token ? PromisedCamera.Of(token) : null;
        var ofSameCloud = await CameraChecks.OfSameCloudAsync(store, hand.Camera.Id, hand.Configuration, cancellationToken);
        var ofOthers = await CameraObjects.OfOthersAsync(store, hand.Share, cancellationToken);
        var end = await new CameraSetUp(hand, SessionOf(hand, cancellationToken), Settings, promised, ofSameCloud, ofOthers).RunAsync(cancellationToken);
        if (end is null) await TurnToNotifyingAsync(hand, cancellationToken);
        else if (end.Failure is { } reason) await FailAsync(hand, reason, cancellationToken);
        else if (end.IsPause) await PauseAsync(hand, end, cancellationToken);
        else await hand.WriteAsync((_, share) => share.DueAt = end.Later, null, null, cancellationToken);
    }

    private async Task TakeBackAsync(ShareInHand hand, CancellationToken cancellationToken)
    {
        var isRollBack = hand.Share.State == ShareState.RollingBack;
        if (isRollBack && hand.Share.DeadlineAt <= hand.Now)
        {
            await hand.WriteAsync((_, share) => End(share, ShareState.Failed, StillThere(share)), "GiveUp", null, cancellationToken);
            return;
        }

        var ofOthers = await CameraObjects.OfOthersAsync(store, hand.Share, cancellationToken);
        var end = await new CameraTakeBack(hand, SessionOf(hand, cancellationToken), ofOthers).RunAsync(cancellationToken);
        if (end is null)
        {
            var left = CameraTakeBack.LeftThere(hand.Steps);
            await hand.WriteAsync((_, share) => End(share, isRollBack ? ShareState.Failed : ShareState.Unshared, isRollBack ? $"{share.Reason} {left}".Trim() : left), isRollBack ? "RolledBack" : "Unshared", null, cancellationToken);
        }
        else if (end.Failure is null)
        {
            await PauseAsync(hand, end, cancellationToken);
        }
        else
        {
            // What the camera refuses now it may do later: its owner wants it gone, and what failed is to leave nothing.
            var isNew = isRollBack && !hand.Steps.Exists(step => step.Name == TakeBackRefused);
            await hand.WriteAsync(
                (_, share) =>
                {
                    if (!isRollBack) share.Reason = end.Failure;
                    share.Attempts++;
                    var next = hand.Now + CompletionRests.After(Settings, share.Attempts);
                    share.DueAt = next < share.DeadlineAt ? next : share.DeadlineAt;
                },
                isNew ? TakeBackRefused : null,
                end.Failure,
                cancellationToken);
        }
    }

    private CameraSession SessionOf(ShareInHand hand, CancellationToken cancellationToken) =>
        new(calls, hand.Camera.Id) { Asking = operation => hand.AskingAsync(operation, cancellationToken) };

    // Its place is not lost: what was recorded stands, and the turn begins with a look at the camera. Less and less often, where nothing comes of it.
    private Task PauseAsync(ShareInHand hand, TurnEnd end, CancellationToken cancellationToken)
    {
        // One whose uplink stands, or stands again, has not gone away.
        var isAway = end.IsOffline && !connections.IsConnected(hand.Camera.Id);
        return hand.WriteAsync(
            (_, share) =>
            {
                if (isAway && share.State == ShareState.Configuring) share.State = ShareState.Waiting;
                share.Attempts = hand.HasProgressed ? 1 : share.Attempts + 1;
                share.ConnectedSince = null;
                share.DueAt = hand.Now + SilenceRest(end.IsOffline ? share.Attempts - 1 : share.Attempts);
            },
            null,
            null,
            cancellationToken);
    }

    private Task FailAsync(ShareInHand hand, string reason, CancellationToken cancellationToken) => hand.WriteAsync(
        (_, share) => (share.State, share.Reason, share.DueAt, share.Attempts, share.DeadlineAt) = (ShareState.RollingBack, reason, hand.Now, 0, hand.Now + Settings.ShareTimeout),
        "Fail",
        reason,
        cancellationToken);

    private static void End(Share share, ShareState state, string? reason) => (share.State, share.Reason, share.DueAt, share.EchoedToken) = (state, reason, null, null);

    private static string StillThere(Share share) => $"{share.Reason} What was made on the camera could not be taken back.".TrimStart();

    private static TimeSpan SilenceRest(int attempts) => attempts >= 6 ? MaxSilenceRest : TimeSpan.FromSeconds(1 << attempts);
}
