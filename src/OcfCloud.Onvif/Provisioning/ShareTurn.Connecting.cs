using OcfCloud.Onvif.Sharing;
using OcfCloud.Onvif.Soap;

namespace OcfCloud.Onvif.Provisioning;

/// <content>Watching the other cloud's uplink come up.</content>
internal sealed partial class ShareTurn
{
    private static readonly TimeSpan WatchRest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxWatchRest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RareWatchRest = TimeSpan.FromHours(1);

    private async Task WatchAsync(ShareInHand hand, CancellationToken cancellationToken)
    {
        // Its time is over: a last look.
        var isLate = hand.Share.DeadlineAt <= hand.Now;
        if (isLate && !connections.IsConnected(hand.Camera.Id))
        {
            await GiveUpAsync(hand, cancellationToken);
            return;
        }

        var session = SessionOf(hand, cancellationToken);
        var (uplinks, end) = await UplinksAsync(session, cancellationToken);
        if (end is not null)
        {
            // A camera that refuses to say it is asked again: whatever it says, nothing is taken away here.
            if (isLate) await GiveUpAsync(hand, cancellationToken);
            else if (IsRare(hand.Share) && !end.IsOffline) await LookLaterAsync(hand, null, cancellationToken);
            else await PauseAsync(hand, end.IsPause ? end : TurnEnd.Pause(isOffline: false), cancellationToken);
            return;
        }

        if (!IsStanding(hand, uplinks!))
        {
            if (isLate) await GiveUpAsync(hand, cancellationToken);
            else await LookLaterAsync(hand, uplinks!.FirstOrDefault(one => one.Error is { Length: > 0 } && IsOfShare(hand, one))?.Error, cancellationToken);
            return;
        }

        if (hand.Share.Mode == ShareMode.Transfer) await ConfirmAsync(hand, uplinks!, session, isLate, cancellationToken);
        else await hand.WriteAsync((_, share) => (share.State, share.Reason, share.DueAt, share.ConnectedSince) = (ShareState.Connected, null, null, hand.Now), "Connected", null, cancellationToken);
    }

    private static Task LookLaterAsync(ShareInHand hand, string? error, CancellationToken cancellationToken) => hand.WriteAsync(
        (_, share) =>
        {
            share.ConnectedSince = null;
            share.Attempts++;
            if (error is not null) share.Reason = $"The camera says: {error}";
            else if (!IsRare(share)) share.Reason = null;
            var rest = share.Attempts >= 5 ? MaxWatchRest : TimeSpan.FromSeconds(1 << share.Attempts);
            share.DueAt = hand.Now + (IsRare(share) ? RareWatchRest : rest);
        },
        null,
        null,
        cancellationToken);

    // A transfer ends, and we keep our access. What was shared stays configured, so that the uplink may still come: it is looked for now and then.
    private static Task GiveUpAsync(ShareInHand hand, CancellationToken cancellationToken) => hand.WriteAsync(
        (_, share) =>
        {
            share.Reason = $"The other cloud's uplink did not come in time. {share.Reason}".TrimEnd();
            share.ConnectedSince = null;
            if (share.Mode == ShareMode.Transfer) (share.State, share.DueAt) = (ShareState.Incomplete, null);
            else (share.DeadlineAt, share.DueAt) = (DateTimeOffset.MaxValue, hand.Now + RareWatchRest);
        },
        "GiveUp",
        null,
        cancellationToken);

    private static bool IsRare(Share share) => share.DeadlineAt.Year == DateTimeOffset.MaxValue.Year;

    private static async Task<(IReadOnlyList<UplinkEntry>? Uplinks, TurnEnd? End)> UplinksAsync(CameraSession session, CancellationToken cancellationToken)
    {
        if (await session.OpenAsync(cancellationToken) is { } closed) return (null, closed);
        var answer = await session.AskAsync(UplinkCalls.GetUplinks(), cancellationToken);
        return answer.Outcome == CallOutcome.Done ? (answer.Value, null) : (null, TurnEnd.Of("GetUplinks", answer));
    }

    // A transfer needs one by which the other cloud can manage the camera.
    private static bool IsStanding(ShareInHand hand, IReadOnlyList<UplinkEntry> uplinks) =>
        uplinks.Any(one => one.IsConnected && IsOfShare(hand, one) && (hand.Share.Mode == ShareMode.Share || one.IsAdministrator));

    private static bool IsOfShare(ShareInHand hand, UplinkEntry entry) =>
        hand.Objects.Exists(made => made is { Kind: CameraObjectKind.Uplink, Handle: not null } && RemoteAddresses.AreSame(made.Name, entry.RemoteAddress));
}
