using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Clock;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.Core.Metrics;

/// <summary>What the core measures: events and their way out, queues, trouble with the store.</summary>
internal sealed class CoreMetrics : IRoomMetrics, IStoreSample
{
    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly Tally<EventKind> _dispatched;
    private readonly Levels<SubscriptionPhase> _subscriptions;
    private long _unavailable;
    private long _twinDropped;
    private Sample? _sample;

    public CoreMetrics(IMeterFactory? meters, TimeProvider time)
    {
        _meter = RoomMeter.Create(meters, "Core");
        _time = time;
        _dispatched = new Tally<EventKind>(_meter, "ocfcloud.events.dispatched", "kind", "{event}", "Events that this node took from the outbox.", EventKind.EverythingChanged, EventKind.NotificationsWait);
        _subscriptions = new Levels<SubscriptionPhase>(_meter, "ocfcloud.subscriptions", "phase", "{subscription}", "Subscriptions of other clouds.");
        _meter.CreateObservableUpDownCounter("ocfcloud.outbox.events", () => Figure(sample => sample.Events), "{event}", "Events in the outbox.");
        _meter.CreateObservableGauge("ocfcloud.outbox.lag", () => Figure(sample => sample.Lag), "s", "Age of the oldest event in the outbox.");
        _meter.CreateObservableUpDownCounter("ocfcloud.notifications.pending", () => Figure(sample => sample.Notifications), "{notification}", "Notifications that are not delivered yet.");
        _meter.CreateObservableGauge("ocfcloud.notifications.lag", () => Figure(sample => sample.DueSince), "s", "How long the delivery that waits longest is due.");
        _meter.CreateObservableCounter("ocfcloud.twin.dropped", () => Volatile.Read(ref _twinDropped), "{representation}", "Representations for which there was no room in the queue.");
        _meter.CreateObservableCounter("ocfcloud.store.unavailable", () => Volatile.Read(ref _unavailable), "{call}", "Reads and writes that the store did not answer.");
    }

    /// <summary>Events were taken.</summary>
    public void Dispatched(IEnumerable<Hint> taken)
    {
        foreach (var hint in taken)
        {
            if (hint.Kind is not (EventKind.EverythingChanged or EventKind.NotificationsWait)) _dispatched.Count(hint.Kind);
        }
    }

    /// <summary>The store did not answer.</summary>
    public void StoreUnavailable() => Interlocked.Increment(ref _unavailable);

    /// <summary>A representation was dropped.</summary>
    public void TwinDropped() => Interlocked.Increment(ref _twinDropped);

    /// <summary>Exports how long a queue of this process is; what is asked must be quick.</summary>
    /// <param name="name">The instrument's name.</param>
    /// <param name="unit">Its unit.</param>
    /// <param name="length">Asks.</param>
    /// <param name="description">What it means.</param>
    public void Watch(string name, string unit, Func<long> length, string description) => _meter.CreateObservableUpDownCounter(name, length, unit, description);

    /// <summary>Exports how the clock is kept.</summary>
    public void Watch(SteadyClock clock)
    {
        _meter.CreateObservableGauge("ocfcloud.clock.ahead", () => clock.Ahead.TotalSeconds, "s", "How far the system's clock is ahead of the time that this process keeps to.");
        _meter.CreateObservableCounter("ocfcloud.clock.steps", () => clock.Followed.Count, "{step}", "Steps of the system's clock that were followed.");
    }

    public async Task ReadAsync(CloudDbContext context, CancellationToken cancellationToken)
    {
        var events = await context.Set<OutboxRow>().LongCountAsync(cancellationToken);
        var oldest = events == 0
            ? null
            : await context.Set<OutboxRow>().OrderBy(row => row.Id).Select(row => (DateTimeOffset?)row.At).FirstOrDefaultAsync(cancellationToken);

        // By what each was numbered and confirmed up to: of a receiver that is down thousands wait, and they need not be counted one by one.
        var waiting = await (from subscription in context.Set<SubscriptionRow>()
                             join delivery in context.Set<DeliveryRow>() on subscription.Id equals delivery.SubscriptionId
                             select (long?)(subscription.NextNumber - delivery.Oldest)).SumAsync(cancellationToken);
        var due = await context.Set<DeliveryRow>().Where(row => row.DueAt != null).MinAsync(row => row.DueAt, cancellationToken);
        var phases = await context.Set<SubscriptionRow>().GroupBy(row => row.Phase).Select(group => new { group.Key, Count = group.LongCount() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        _subscriptions.Set(phases);
        Volatile.Write(ref _sample, new Sample(events, SecondsSince(oldest), waiting ?? 0, SecondsSince(due)));
    }

    public void Dispose() => _meter.Dispose();

    // As it was when it was looked at: what was the oldest then may have gone a moment later.
    private double SecondsSince(DateTimeOffset? since) => since is { } start ? Math.Max(0, (_time.GetUtcNow() - start).TotalSeconds) : 0;

    // Nothing before the first look: zero would be a claim.
    private IEnumerable<Measurement<T>> Figure<T>(Func<Sample, T> of)
        where T : struct => Volatile.Read(ref _sample) is { } sample ? [new Measurement<T>(of(sample))] : [];

    private sealed record Sample(long Events, double Lag, long Notifications, double DueSince);
}
