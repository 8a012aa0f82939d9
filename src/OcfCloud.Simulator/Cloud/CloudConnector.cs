using System.Text.Json.Nodes;

namespace OcfCloud.Simulator.Cloud;

/// <summary>
/// Keeps a device in the cloud that its configuration names, for as long as it names one.
/// <code>
/// configuration ─► enter ─► stay ─► lost ─► back-off ─┐
///       ▲            ▲                                │
///       │            └────────────────────────────────┘
///       └── fatal refusal: cps failed · cis: "": deregister
/// </code>
/// </summary>
/// <param name="configuration">Which cloud, and what is kept of it.</param>
/// <param name="entrance">Gets in.</param>
/// <param name="links">What to publish; null: nothing.</param>
/// <param name="timing">Waits.</param>
/// <param name="time">The clock.</param>
/// <param name="tell">Gets each step, for people.</param>
internal sealed class CloudConnector(
    CloudConfiguration configuration, CloudEntrance entrance, Func<JsonArray>? links, CloudTiming timing, TimeProvider time, Action<string> tell)
{
    private const int FarewellAttempts = 3;

    // A registration that was left and that the cloud was not told of by the session that stood.
    private CloudRecord? _untold;

    /// <summary>Runs until it is cancelled, which ends in order.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var (record, generation, changed) = configuration.Observe();
                if ((configuration.TakeLeft() ?? Interlocked.Exchange(ref _untold, null)) is { } left)
                    await SayFarewellAsync(left, cancellationToken);
                if (record.Cps is ProvisioningStatus.Uninitialized or ProvisioningStatus.Failed)
                    await changed.WaitAsync(cancellationToken);
                else
                    await LiveAsync(generation, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    private async Task LiveAsync(long generation, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = CancelWhenReplacedAsync(generation, over);
        try
        {
            await EnterAndStayAsync(generation, over.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A newer configuration counts.
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private async Task EnterAndStayAsync(long generation, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(timing.BackOffFirst, timing.BackOffMax, Random.Shared);
        var stay = new CloudStay(configuration, generation, entrance, links, timing, time, tell);
        while (true)
        {
            var (session, trouble) = await entrance.EnterAsync(generation, backOff.Attempts, cancellationToken);
            if (session is not null)
            {
                var since = time.GetUtcNow();
                trouble = await StayAsync(stay, session, cancellationToken);
                if (time.GetUtcNow() - since >= timing.StableAfter)
                    backOff.Reset();
            }
            else if (trouble is null)
            {
                continue; // redirected
            }

            var givesUp = trouble.IsFinal || (configuration.Current.Tokens is null && backOff.Attempts + 1 >= timing.RegistrationAttempts);
            if (givesUp)
            {
                tell($"failed: {trouble.Message}");
                configuration.Fail(generation, trouble.Error);
                return;
            }

            configuration.Note(generation, trouble.Error);
            var wait = backOff.Next();
            tell($"offline: {trouble.Message}; tries again in {wait.TotalSeconds:0.0} s");
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private async Task<CloudTrouble> StayAsync(CloudStay stay, CloudSession session, CancellationToken cancellationToken)
    {
        await using (session)
        {
            try
            {
                return await stay.RunAsync(session, cancellationToken);
            }
            finally
            {
                // The session of the cloud that was left is the best place to say so.
                if (configuration.TakeLeft() is { } left && await DeregisterAsync(session, left.Tokens!) is not null)
                    _untold = left;
            }
        }
    }

    private async Task SayFarewellAsync(CloudRecord left, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(timing.BackOffFirst, timing.BackOffMax, Random.Shared);
        string? refusal = null;
        while (backOff.Attempts < FarewellAttempts)
        {
            try
            {
                await using var session = await entrance.OpenAsync(left, timing.AnswerTimeoutAfter(backOff.Attempts), cancellationToken);
                refusal = await DeregisterAsync(session, left.Tokens!);
                if (refusal is null)
                    return;
            }
            catch (CloudUnreachableException e)
            {
                refusal = e.Message;
            }

            await Task.Delay(backOff.Next(), time, cancellationToken);
        }

        tell($"the cloud did not take the farewell: {refusal}");
    }

    // An access token that ran out is refreshed once more, to say farewell with the new one.
    private async Task<string?> DeregisterAsync(CloudSession session, CloudTokens tokens)
    {
        try
        {
            var reply = await session.DeregisterAsync(tokens, CancellationToken.None);
            if (reply.IsUnauthorized)
            {
                var refresh = await session.RefreshAsync(tokens, CancellationToken.None);
                if (CloudTokens.From(refresh.Body, tokens.UserId, time.GetUtcNow()) is { } fresh)
                    reply = await session.DeregisterAsync(fresh, CancellationToken.None);
            }

            if (!reply.IsSuccess)
                return reply.ToString();
            tell("deregistered");
            return null;
        }
        catch (CloudUnreachableException e)
        {
            return e.Message;
        }
    }

    private async Task CancelWhenReplacedAsync(long generation, CancellationTokenSource over)
    {
        try
        {
            while (true)
            {
                var (_, current, changed) = configuration.Observe();
                if (current != generation)
                    break;
                await changed.WaitAsync(over.Token);
            }

            await over.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // The configuration outlived the work for it.
        }
    }
}
