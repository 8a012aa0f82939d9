namespace OcfCloud.Onvif.Provisioning;

/// <content>Telling the other cloud: one round of deviceSharingCompleted.</content>
internal sealed partial class ShareTurn
{
    private Task TurnToNotifyingAsync(ShareInHand hand, CancellationToken cancellationToken) => hand.WriteAsync(
        (_, share) => (share.State, share.Reason, share.Attempts, share.DueAt, share.DeadlineAt) = (ShareState.Notifying, null, 0, hand.Now, hand.Now + Settings.NotifyGiveUpAfter),
        "Configured",
        null,
        cancellationToken);

    private async Task NotifyAsync(ShareInHand hand, CancellationToken cancellationToken)
    {
        if (hand.Share.EchoedToken is not { } sealedToken || secrets.TryOpen(sealedToken) is not { } token || hand.Share.CertificationRequest is not { } request)
        {
            await GiveUpAsync("The share token cannot be read any more.");
            return;
        }

        var (isFinal, reason, refusal, asked) = (true, "There is nobody to tell.", (string?)null, (TimeSpan?)null);
        foreach (var reference in hand.Configuration.EndpointReferences)
        {
            var answer = await completions.SendAsync(reference, token, request, cancellationToken);
            if (answer.IsDelivered)
            {
                await hand.WriteAsync(
                    (_, share) =>
                    {
                        (share.State, share.Reason, share.Attempts, share.DueAt, share.EchoedToken, share.ConnectedSince) = (ShareState.Connecting, null, 0, hand.Now, null, null);
                        share.DeadlineAt = hand.Now + (share.Mode == Sharing.ShareMode.Transfer ? Settings.TransferTimeout : Settings.ShareTimeout);
                    },
                    "deviceSharingCompleted",
                    Uri.TryCreate(reference, UriKind.Absolute, out var uri) ? uri.Authority : null,
                    cancellationToken);
                return;
            }

            // All of them are tried once a round. They are ways to one cloud: one that refuses is the end only where no other may still take it.
            isFinal &= answer.IsFinal;
            reason = answer.Reason;
            if (answer.IsFinal) refusal = answer.Reason;
            if (answer.RetryAfter > (asked ?? TimeSpan.Zero)) asked = answer.RetryAfter;
        }

        var rounds = hand.Share.Attempts + 1;
        var next = hand.Now + CompletionRests.After(Settings, rounds, asked, Random.Shared.NextDouble());
        reason = refusal ?? reason;
        if (isFinal || next >= hand.Share.DeadlineAt) await GiveUpAsync(reason);
        else await hand.WriteAsync((_, share) => (share.Attempts, share.DueAt, share.Reason) = (rounds, next, reason), null, null, cancellationToken);

        // The camera stays configured: the owner sends again, or takes the access back.
        Task GiveUpAsync(string why) => hand.WriteAsync(
            (_, share) => (share.State, share.Reason, share.DueAt) = (ShareState.Unreachable, why, null), "GiveUp", why, cancellationToken);
    }
}
