using System.Diagnostics.Metrics;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Metrics;

/// <summary>What this room measures: events on their way to other clouds.</summary>
internal sealed class CloudApiMetrics : IRoomMetrics
{
    private readonly Meter _meter;
    private readonly Tally<DeliveryAttempt> _deliveries;
    private long _delivered;

    public CloudApiMetrics(IMeterFactory? meters = null)
    {
        _meter = RoomMeter.Create(meters, "CloudApi");
        _deliveries = new(_meter, "ocfcloud.deliveries", "result", "{delivery}", "Deliveries to subscribers, each of all that waited for one subscription.");
        _meter.CreateObservableCounter("ocfcloud.notifications.delivered", () => Volatile.Read(ref _delivered), "{notification}", "Notifications that subscribers confirmed.");
    }

    /// <summary>A delivery ended.</summary>
    /// <param name="ending">How.</param>
    /// <param name="confirmed">How many notifications it brought.</param>
    public void Ended(DeliveryEnding ending, int confirmed)
    {
        Interlocked.Add(ref _delivered, confirmed);
        _deliveries.Count(ending switch
        {
            DeliveryEnding.Failed => DeliveryAttempt.Failed,
            DeliveryEnding.Gone => DeliveryAttempt.Gone,
            DeliveryEnding.GivenUp => DeliveryAttempt.GivenUp,
            _ => DeliveryAttempt.Delivered,
        });
    }

    /// <summary>A delivery was not tried.</summary>
    public void Postponed() => _deliveries.Count(DeliveryAttempt.Postponed);

    public void Dispose() => _meter.Dispose();
}
