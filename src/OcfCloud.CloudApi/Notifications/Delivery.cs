using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Notifications;

/// <summary>Sends what a claim holds, one after the other, and says what came of it.</summary>
internal sealed class Delivery(
    NotificationCall call, SigningSecrets secrets, AnswersUnderWay answers, NotificationOptions options, TimeProvider time)
{
    /// <summary>Sends until one is not confirmed.</summary>
    /// <param name="due">The claim.</param>
    /// <param name="stopping">Nothing more is begun.</param>
    /// <param name="abort">What runs is broken off.</param>
    public async Task<DeliveryResult> SendAsync(DueSubscription due, CancellationToken stopping, CancellationToken abort)
    {
        if (secrets.TryUnprotect(due.ProtectedSecret) is not { } secret) return Failed(due, 0, null, Attempt.Failed("the signing secret cannot be decrypted any more"));
        long? confirmed = null;
        for (var i = 0; i < due.Notifications.Count; i++)
        {
            var notification = due.Notifications[i];
            if (stopping.IsCancellationRequested || EndsSoon(due)) return Result(due, confirmed, DeliveryEnding.Continue);
            var attempt = await call.SendAsync(due, secret, notification, abort);
            switch (attempt.Kind)
            {
                case AttemptKind.Confirmed:
                    confirmed = notification.SequenceNumber;
                    break;
                case AttemptKind.Gone:
                    return Result(due, confirmed, DeliveryEnding.Gone);
                case AttemptKind.Stopped:
                    return Result(due, confirmed, DeliveryEnding.Continue);
                default:
                    return Failed(due, i, confirmed, attempt);
            }
        }

        return Result(due, confirmed, DeliveryEnding.Continue);
    }

    /// <summary>Waits until the subscriber can know of its subscription, where the first notification is the one to send.</summary>
    public async Task AwaitAnswerAsync(DueSubscription due, CancellationToken stopping)
    {
        if (due.Notifications[0].SequenceNumber > 0 || due.FailedAttempts > 0) return;
        using var limit = new CancellationTokenSource(options.DeliveryTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            await answers.WaitAsync(due.Id, either.Token);
            var rest = due.CreatedAt + options.FirstDelay - time.GetUtcNow();
            if (rest > TimeSpan.Zero) await Task.Delay(rest < options.FirstDelay ? rest : options.FirstDelay, time, either.Token);
        }
        catch (OperationCanceledException)
        {
            // A subscriber that does not read its answer is not waited for longer.
        }
    }

    // An attempt that outlived its claim could meet another node's.
    private bool EndsSoon(DueSubscription due) => time.GetUtcNow() + options.DeliveryTimeout > due.ClaimedUntil;

    private static DeliveryResult Result(DueSubscription due, long? confirmed, DeliveryEnding ending, DateTimeOffset? nextAttemptAt = null, string? failure = null) =>
        new(due.Id, confirmed, ending, nextAttemptAt, failure) { Claim = due.Claim };

    private DeliveryResult Failed(DueSubscription due, int index, long? confirmed, Attempt attempt)
    {
        var now = time.GetUtcNow();
        var firstFailedAt = (index == 0 ? due.FirstFailedAt : null) ?? now;
        var failedAttempts = index == 0 ? due.FailedAttempts + 1 : 1;
        var giveUpAt = firstFailedAt + options.GiveUpAfter;
        if (now >= giveUpAt) return Result(due, confirmed, DeliveryEnding.GivenUp);
        var next = now + BackOff.After(options, failedAttempts, attempt.RetryAfter, Random.Shared.NextDouble());
        return Result(due, confirmed, DeliveryEnding.Failed, next < giveUpAt ? next : giveUpAt, attempt.Failure);
    }
}
