using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.CloudApi.Metrics;
using OcfCloud.Core.Events;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Notifications;

/// <summary>
/// Sends notifications to subscribers as long as the host runs.
/// <code>
///   hints ─► lane of first attempts ─┐
///        └─► lane of retries ────────┴─► settlement, many in one transaction ─► wakes both lanes
/// </code>
/// </summary>
internal sealed class NotificationSender : BackgroundService
{
    private readonly IHints _hints;
    private readonly Settlement _settlement;
    private readonly SendingLane[] _lanes;
    private readonly NotificationOptions _options;
    private readonly TimeProvider _time;

    public NotificationSender(
        IHints hints, DeliveryQueue queue, Delivery delivery, Settlement settlement, CloudApiMetrics metrics, NotificationOptions options, TimeProvider time,
        ILogger<NotificationSender> logger)
    {
        _hints = hints;
        _settlement = settlement;
        _options = options;
        _time = time;
        _lanes = [.. Enum.GetValues<DeliveryLane>().Select(lane => new SendingLane(lane, queue, delivery, settlement, metrics, options, time, logger))];
    }

    /// <summary>Whether a hint says that something may be due.</summary>
    internal static bool Concerns(Hint hint) => hint.IsEverything || hint.Kind == EventKind.NotificationsWait;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Attempts, then the store, each have a while when the process stops.
        using var abort = new CancellationTokenSource();
        using var giveUp = new CancellationTokenSource();
        var settling = _settlement.RunAsync(Wake, giveUp.Token);
        using (_hints.SubscribeAll(Receive))
        {
            var lanes = Task.WhenAll(_lanes.Select(lane => lane.RunAsync(stoppingToken, abort.Token)));
            try
            {
                await lanes.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                await EndAsync(lanes, abort);
            }
        }

        _settlement.Complete();
        await EndAsync(settling, giveUp);
    }

    private async Task EndAsync(Task work, CancellationTokenSource breakOff)
    {
        try
        {
            await work.WaitAsync(_options.StopGrace, _time);
        }
        catch (TimeoutException)
        {
            await breakOff.CancelAsync();
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Receive(Hint hint)
    {
        if (Concerns(hint)) Wake();
    }

    private void Wake()
    {
        foreach (var lane in _lanes) lane.Wake();
    }
}
