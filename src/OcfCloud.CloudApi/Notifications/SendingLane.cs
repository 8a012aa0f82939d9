using Microsoft.Extensions.Logging;
using OcfCloud.CloudApi.Metrics;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Notifications;

/// <summary>
/// Claims what is due in one lane and has it sent, subscriptions beside one another.
/// <code>
///   woken, or the next is due ──► claims as many as there are free slots ──► each: its client's turn, its host's turn ──► sends ──► settlement
///                                                                               └ client or host stuck: given back for later
/// </code>
/// </summary>
internal sealed partial class SendingLane(
    DeliveryLane lane, DeliveryQueue queue, Delivery delivery, Settlement settlement, CloudApiMetrics metrics, NotificationOptions options, TimeProvider time,
    ILogger logger)
{
    // After which a claim that found its client or host stuck comes again.
    private const int StuckRests = 5;

    // Where nothing could be claimed although something is due: another node has it, or the store's clock is behind ours.
    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(20);

    private readonly LaneSlots _slots = new(options.MaxParallel);
    private readonly Turns<(UserId User, string Client)> _ofClients = new(options.MaxParallelPerClient, options.SlowAfter, time);
    private readonly Turns<string> _ofHosts = new(options.MaxParallelPerHost, options.SlowAfter, time, StringComparer.OrdinalIgnoreCase);
    private readonly WakeSignal _wake = new();

    /// <summary>Something may be due.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Works until it is stopped and what it began has ended.</summary>
    /// <param name="stopping">Nothing more is begun.</param>
    /// <param name="abort">What runs is broken off.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abort)
    {
        try
        {
            while (true)
            {
                try
                {
                    await ClaimAsync(stopping, abort);
                }
                catch (Exception e) when (!stopping.IsCancellationRequested)
                {
                    LogStoreTrouble(e, lane);
                    await Task.Delay(options.TroubleRest, time, stopping);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await _slots.CloseAsync();
        }
    }

    private async Task ClaimAsync(CancellationToken stopping, CancellationToken abort)
    {
        var free = _slots.Free;
        if (free <= 0)
        {
            await _wake.WaitAsync(options.LongestSleep, time, stopping);
            return;
        }

        var claimed = await queue.ClaimAsync(lane, free, stopping);
        foreach (var due in claimed)
        {
            _slots.Enter();
            _ = RunOneAsync(due, stopping, abort);
        }

        // As many as asked for: there may be more.
        if (claimed.Count == free) return;
        var next = await queue.NextDueAsync(lane, stopping) is { } at ? at - time.GetUtcNow() : options.LongestSleep;
        await _wake.WaitAsync(TimeSpan.FromTicks(Math.Clamp(next.Ticks, ShortestSleep.Ticks, options.LongestSleep.Ticks)), time, stopping);
    }

    private async Task RunOneAsync(DueSubscription due, CancellationToken stopping, CancellationToken abort)
    {
        var slow = false;
        try
        {
            var sending = SendAsync(due, stopping, abort);
            using (var quick = new CancellationTokenSource())
            {
                if (await Task.WhenAny(sending, Task.Delay(options.SlowAfter, time, quick.Token)) != sending && _slots.TryBecomeSlow())
                {
                    slow = true;
                    _wake.Set();
                }

                await quick.CancelAsync();
            }

            await settlement.AddAsync(await sending, abort);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // The store was behind until the end: the claim runs out by itself.
        }
        catch (Exception e)
        {
            // So does that of a bug.
            LogFailed(e, due.Id);
        }
        finally
        {
            _slots.Leave(slow);
            _wake.Set();
        }
    }

    private async Task<DeliveryResult> SendAsync(DueSubscription due, CancellationToken stopping, CancellationToken abort)
    {
        var host = new Uri(due.EventsUrl).Authority;
        await delivery.AwaitAnswerAsync(due, stopping);
        try
        {
            // The client's first: while one of its hosts keeps it waiting, what it holds is its own.
            using var ofClient = await _ofClients.TryTakeAsync((due.User, due.Client), stopping);
            if (ofClient is null) return Later(due);
            using var ofHost = await _ofHosts.TryTakeAsync(host, stopping);
            if (ofHost is null) return Later(due);
            var result = await delivery.SendAsync(due, stopping, abort);
            var deliveries = result.Confirmed is { } confirmed ? (int)(confirmed - due.Notifications[0].SequenceNumber) + 1 : 0;
            ofHost.Used(deliveries);
            ofClient.Used(deliveries);
            metrics.Ended(result.Ending, deliveries);
            Log(result, host);
            return result;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return new DeliveryResult(due.Id, null, DeliveryEnding.Continue) { Claim = due.Claim };
        }
    }

    private DeliveryResult Later(DueSubscription due)
    {
        metrics.Postponed();
        var at = time.GetUtcNow() + (options.SlowAfter * (StuckRests + Random.Shared.NextDouble()));
        return new(due.Id, null, DeliveryEnding.Continue, at) { Claim = due.Claim };
    }

    private void Log(DeliveryResult result, string host)
    {
        switch (result.Ending)
        {
            case DeliveryEnding.Failed:
                LogRetry(result.Id, host, result.Failure, result.NextAttemptAt);
                break;
            case DeliveryEnding.Gone:
                LogGone(result.Id, host);
                break;
            case DeliveryEnding.GivenUp:
                LogGivenUp(result.Id, host);
                break;
            default:
                LogDelivered(result.Id, host, result.Confirmed);
                break;
        }
    }
}
