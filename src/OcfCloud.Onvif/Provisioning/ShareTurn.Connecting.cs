using Microsoft.EntityFrameworkCore;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <content>Watching the other cloud's uplink come up, and letting the camera go (onvif.md, 1.7).</content>
internal sealed partial class ShareTurn
{
    private static readonly TimeSpan WatchRest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxWatchRest = TimeSpan.FromSeconds(30);

    private async Task WatchAsync(ShareInHand hand, CancellationToken cancellationToken)
    {
        var isTransfer = hand.Share.Mode == ShareMode.Transfer;
        if (hand.Share.DeadlineAt <= hand.Now)
        {
            await hand.WriteAsync(
                (_, share) => (share.State, share.DueAt, share.Reason) =
                    (isTransfer ? ShareState.Incomplete : ShareState.Connecting, null, $"The other cloud's uplink did not come in time. {share.Reason}".TrimEnd()),
                "GiveUp",
                null,
                cancellationToken);
            return;
        }

        var session = SessionOf(hand, cancellationToken);
        var (uplinks, end) = await UplinksAsync(session, cancellationToken);
        if (end is not null)
        {
            // A camera that refuses to say it is asked again: whatever it says, nothing is taken away here.
            await PauseAsync(hand, end.IsPause ? end : TurnEnd.Pause(isOffline: false), cancellationToken);
            return;
        }

        if (!IsStanding(hand, uplinks!))
        {
            var error = uplinks!.FirstOrDefault(one => one.Error is { Length: > 0 } && IsOfShare(hand, one))?.Error;
            await hand.WriteAsync(
                (_, share) =>
                {
                    share.ConnectedSince = null;
                    share.Attempts++;
                    share.Reason = error is null ? null : $"The camera says: {error}";
                    share.DueAt = hand.Now + (share.Attempts >= 5 ? MaxWatchRest : TimeSpan.FromSeconds(1 << share.Attempts));
                },
                null,
                null,
                cancellationToken);
            return;
        }

        if (!isTransfer)
        {
            await hand.WriteAsync((_, share) => (share.State, share.Reason, share.DueAt, share.ConnectedSince) = (ShareState.Connected, null, null, hand.Now), "Connected", null, cancellationToken);
            return;
        }

        var since = hand.Share.ConnectedSince ?? hand.Now;
        var confirmed = since + Settings.TransferConfirmAfter;
        if (hand.Now < confirmed)
        {
            var next = hand.Now + WatchRest < confirmed ? hand.Now + WatchRest : confirmed;
            await hand.WriteAsync(
                (_, share) => (share.ConnectedSince, share.Reason, share.DueAt) = (since, null, next), hand.Share.ConnectedSince is null ? "Connected" : null, null, cancellationToken);
            return;
        }

        // It stands, has stood, and was looked at just now: from here on the camera is the other cloud's, even if this process ends at once.
        await hand.WriteAsync(
            async (context, share, token) =>
            {
                await clients.RemoveAsync(context, hand.Camera.ClientId, token);
                await context.Set<Camera>().Where(camera => camera.Id == share.CameraId).ExecuteUpdateAsync(row => row.SetProperty(camera => camera.State, CameraState.Transferred), token);
                (share.State, share.Reason, share.DueAt) = (ShareState.Transferring, null, hand.Now);
            },
            "RevokeClient",
            null,
            cancellationToken);
        await LetGoAsync(hand, uplinks!, session, cancellationToken);
    }

    // After a crash in between: the client is gone, so the transfer is done, and the uplink's entry is taken away if the camera is still there to be asked.
    private async Task LetGoAsync(ShareInHand hand, CancellationToken cancellationToken)
    {
        var session = SessionOf(hand, cancellationToken);
        var (uplinks, _) = connections.IsConnected(hand.Camera.Id) ? await UplinksAsync(session, cancellationToken) : (null, null);
        await LetGoAsync(hand, uplinks is not null && IsStanding(hand, uplinks) ? uplinks : [], session, cancellationToken);
    }

    // The very last commands. An answer may never come: its connection is the one that goes.
    private async Task LetGoAsync(ShareInHand hand, IReadOnlyList<UplinkEntry> uplinks, CameraSession session, CancellationToken cancellationToken)
    {
        foreach (var own in uplinks.Where(one => RemoteAddresses.IsOwn(Settings, one.RemoteAddress)))
        {
            var answer = await session.AskAsync(UplinkCalls.DeleteUplink(own.RemoteAddress), cancellationToken);
            if (answer.Outcome == CallOutcome.Offline && !connections.IsConnected(hand.Camera.Id)) break;
        }

        await hand.WriteAsync((_, share) => End(share, ShareState.Transferred, null), "DeleteUplink", null, cancellationToken);
        await connections.CloseAsync(hand.Camera.Id);
    }

    private static async Task<(IReadOnlyList<UplinkEntry>? Uplinks, TurnEnd? End)> UplinksAsync(CameraSession session, CancellationToken cancellationToken)
    {
        if (await session.OpenAsync(cancellationToken) is { } closed) return (null, closed);
        var answer = await session.AskAsync(UplinkCalls.GetUplinks(), cancellationToken);
        return answer.Outcome == CallOutcome.Done ? (answer.Value, null) : (null, TurnEnd.Of("GetUplinks", answer));
    }

    // A transfer needs one by which the other cloud can manage the camera.
    private static bool IsStanding(ShareInHand hand, IReadOnlyList<UplinkEntry> uplinks) =>
        uplinks.Any(one => one.IsConnected && IsOfShare(hand, one) && (hand.Share.Mode == ShareMode.Share || one.IsAdministrator));

    private static bool IsOfShare(ShareInHand hand, UplinkEntry entry) => hand.Objects.Exists(made => made.Kind == CameraObjectKind.Uplink && made.Handle == entry.RemoteAddress);
}
