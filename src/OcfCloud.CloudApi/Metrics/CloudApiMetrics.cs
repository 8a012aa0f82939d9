using System.Diagnostics.Metrics;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.CloudApi.Metrics;

/// <summary>What this room measures: events on their way to other clouds.</summary>
internal sealed class CloudApiMetrics : IRoomMetrics
{
    private readonly Tally<DeliveryAttempt> _deliveries;
    private long _delivered;

    public CloudApiMetrics(IMeterFactory? meters = null)
    {
        var meter = RoomMeter.Create(meters, "CloudApi");
        _deliveries = new(meter, "ocfcloud.deliveries", "result", "{delivery}", "Deliveries to subscribers, each of all that waited for one subscription.");
        meter.CreateObservableCounter("ocfcloud.notifications.delivered", () => Volatile.Read(ref _delivered), "{notification}", "Notifications that subscribers confirmed.");
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
}
