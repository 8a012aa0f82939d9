using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <content>Letting the camera go.</content>
internal sealed partial class ShareTurn
{
    private const string CameraLeft = "The camera went to another cloud.";

    // An uplink of ours may break under the command that deletes another one.
    private const int MaxFarewells = 3;

    private async Task ConfirmAsync(ShareInHand hand, IReadOnlyList<UplinkEntry> uplinks, CameraSession session, bool isLate, CancellationToken cancellationToken)
    {
        // Looked at so late, nobody knows what was in between: our own uplink, or this cloud, was away. A camera that is slow to answer is none of that.
        var isSeen = hand.Share.ConnectedSince is not null && hand.Begun - hand.Share.DueAt <= WatchRest;

        // Over its time the minute begins anew once: where it is never seen to the end, it would for ever.
        if (isLate && !isSeen && hand.Share.ConnectedSince >= hand.Share.DeadlineAt)
        {
            await GiveUpAsync(hand, cancellationToken);
            return;
        }

        var since = isSeen ? hand.Share.ConnectedSince!.Value : hand.Now;
        var confirmed = since + Settings.TransferConfirmAfter;
        if (hand.Now < confirmed)
        {
            var next = hand.Now + WatchRest < confirmed ? hand.Now + WatchRest : confirmed;
            await hand.WriteAsync(
                (_, share) => (share.ConnectedSince, share.Reason, share.DueAt) = (since, null, next), hand.Share.ConnectedSince is null ? "Connected" : null, null, cancellationToken);
            return;
        }

        // Whose access is being taken back keeps it for ever once nobody here can reach the camera.
        if (await store.ReadAsync((context, token) => OthersTakenBack(context, hand.Share).AnyAsync(token), cancellationToken))
        {
            if (isLate) await GiveUpAsync(hand, cancellationToken);
            else await hand.WriteAsync((_, share) => (share.ConnectedSince, share.Reason, share.DueAt) = (since, "Another share of the camera is taken back first.", hand.Now + WatchRest), null, null, cancellationToken);
            return;
        }

        // It stands, has stood, and was looked at just now: from here on the camera is the other cloud's, even if this process ends at once.
        await hand.WriteAsync(
            async (context, share, token) =>
            {
                if (await OthersTakenBack(context, share).AnyAsync(token)) throw new ShareChangedException();
                await clients.RemoveAsync(context, hand.Camera.ClientId, token);
                await context.Set<Camera>().Where(camera => camera.Id == share.CameraId).ExecuteUpdateAsync(row => row.SetProperty(camera => camera.State, CameraState.Transferred), token);
                await EndOthersAsync(context, share, token);
                (share.State, share.Reason, share.DueAt) = (ShareState.Transferring, null, hand.Now);
            },
            "RevokeClient",
            null,
            cancellationToken);
        await LetGoAsync(hand, uplinks, session, cancellationToken);
    }

    private static IQueryable<Share> OthersTakenBack(CloudDbContext context, Share share) => context.Set<Share>().Where(other =>
        other.CameraId == share.CameraId && other.Id != share.Id && (other.State == ShareState.Unsharing || other.State == ShareState.RollingBack)
        && context.Set<CameraObject>().Any(made => made.ShareId == other.Id));

    // Nothing of them can be done any more: what stands on the camera is between it and the clouds that have it.
    private async Task EndOthersAsync(CloudDbContext context, Share share, CancellationToken cancellationToken)
    {
        var others = await context.Set<Share>().AsTracking().Where(other =>
            other.CameraId == share.CameraId && other.Id != share.Id && other.State != ShareState.Failed && other.State != ShareState.Unshared && other.State != ShareState.Transferred)
            .ToListAsync(cancellationToken);
        foreach (var other in others)
        {
            var state = other.State switch
            {
                ShareState.Unsharing => ShareState.Unshared,
                ShareState.Waiting or ShareState.Configuring or ShareState.Notifying or ShareState.RollingBack => ShareState.Failed,
                _ => ShareState.Transferred,
            };
            End(other, state, other.State == ShareState.RollingBack ? other.Reason : CameraLeft);
            ShareInHand.RecordEnd(audit, context, other);
        }
    }

    // After a crash in between: the client is gone, so the transfer is done, and the uplink's entry is taken away if the camera is still there to be asked.
    private async Task LetGoAsync(ShareInHand hand, CancellationToken cancellationToken)
    {
        var session = SessionOf(hand, cancellationToken);
        var (uplinks, _) = connections.IsConnected(hand.Camera.Id) ? await UplinksAsync(session, cancellationToken) : (null, null);
        await LetGoAsync(hand, uplinks is not null && IsStanding(hand, uplinks) ? uplinks : [], session, cancellationToken);
    }

    // The very last commands. The answer to the last one may never come: its connection is the one that goes, so that entry is deleted last.
    private async Task LetGoAsync(ShareInHand hand, IReadOnlyList<UplinkEntry> uplinks, CameraSession session, CancellationToken cancellationToken)
    {
        var carrier = await CarrierAsync(hand, cancellationToken);
        var answers = new List<string>();
        foreach (var own in uplinks.Where(one => RemoteAddresses.IsOwn(Settings, one.RemoteAddress)).OrderBy(one => KindOf(one) == carrier))
        {
            var call = UplinkCalls.DeleteUplink(own.RemoteAddress);
            var answer = await session.AskAsync(call, cancellationToken);
            for (var again = 1; again < MaxFarewells && answer.Outcome == CallOutcome.Offline && connections.IsConnected(hand.Camera.Id); again++)
                answer = await session.AskAsync(call, cancellationToken);
            answers.Add($"{own.RemoteAddress}: {WordsOf(answer)}");
            if (answer.Outcome == CallOutcome.Offline && !connections.IsConnected(hand.Camera.Id)) break;
        }

        await hand.WriteAsync((_, share) => End(share, ShareState.Transferred, null), "DeleteUplink", answers.Count == 0 ? "The camera could not be asked." : string.Join("; ", answers), cancellationToken);
        await connections.CloseAsync(hand.Camera.Id);
    }

    // As the calls go: by the newest that stands here.
    private Task<UplinkKind?> CarrierAsync(ShareInHand hand, CancellationToken cancellationToken)
    {
        var (camera, me) = (hand.Camera.Id, node.Id);
        return store.ReadAsync(
            async (context, token) => (await context.Set<CameraUplink>().Where(uplink => uplink.CameraId == camera && uplink.Node == me).ToListAsync(token)).MaxBy(uplink => uplink.Since)?.Kind,
            cancellationToken);
    }

    private static UplinkKind KindOf(UplinkEntry entry) => entry.RemoteAddress.StartsWith("wss:", StringComparison.OrdinalIgnoreCase) ? UplinkKind.Wss : UplinkKind.Https;

    private static string WordsOf(CallAnswer<Acknowledgement> answer) => answer.Outcome switch
    {
        CallOutcome.Done => "done",
        CallOutcome.Fault => $"refused ({string.Join('/', answer.Fault!.Subcodes)})",
        CallOutcome.Unreadable => "an answer that cannot be read",
        _ => "no answer",
    };
}
