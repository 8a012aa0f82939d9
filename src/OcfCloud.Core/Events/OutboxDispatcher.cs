using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.Core.Events;

/// <summary>
/// The single reader of the outbox: takes rows in order of id and removes them; it never remembers an id, because ids become visible out of order
/// (architecture.md, How a change flows).
/// <code>
///   woken by a commit in this process, else every PollPeriod ──► a batch in id order ──► told to subscriptions, announced and deleted in one transaction
///                                                                                        ──► hints in this process
/// </code>
/// </summary>
internal sealed partial class OutboxDispatcher(
    IOutboxLane lane, OutboxSignal signal, SubscriptionDispatch subscriptions, Hints hints, OutboxOptions options, TimeProvider time,
    CoreMetrics metrics, ILogger<OutboxDispatcher> logger) : BackgroundService
{
    private const int BatchSize = 256;

    private bool _dispatching;

    // A commit that was not answered may have taken rows whose hints this process has not heard.
    private bool _missed;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await lane.DisposeAsync();
    }

    /// <summary>Takes all that is there. The caller has entered the lane.</summary>
    internal async Task DrainAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var (taken, mayHaveMore) = await lane.InTransactionAsync(TakeAsync, cancellationToken);
            // After the commit: at least once is kept by the hints' meaning, "look again", and by what a lost dispatcher leaves in the table.
            metrics.Dispatched(taken);
            foreach (var hint in taken) hints.Publish(hint);
            if (!mayHaveMore) return;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await lane.TryEnterAsync(stoppingToken)) await DispatchAsync(stoppingToken);
                // Another node dispatches: the store answers again.
                else SayWhatWasMissed();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogLeft(e);
                await lane.LeaveAsync();
                _missed |= _dispatching;
                _dispatching = false;
            }
            await Task.Delay(options.RetryPeriod, time, stoppingToken);
        }
    }

    private async Task DispatchAsync(CancellationToken cancellationToken)
    {
        LogEntered();
        _dispatching = true;
        await DrainAsync(cancellationToken);
        SayWhatWasMissed();
        while (true)
        {
            var woken = await signal.WaitAsync(options.PollPeriod, time, cancellationToken);
            if (woken || await lane.MayHaveRowsAsync(cancellationToken)) await DrainAsync(cancellationToken);
        }
    }

    // Not before the store answers: whoever looks anew would find nothing, and what needs no store would stop with it.
    private void SayWhatWasMissed()
    {
        if (_missed) hints.Publish(Hint.Everything);
        _missed = false;
    }

    private async Task<(IReadOnlyList<Hint> Taken, bool MayHaveMore)> TakeAsync(CloudDbContext context, CancellationToken cancellationToken)
    {
        var events = await context.Set<OutboxRow>().AsNoTracking().OrderBy(r => r.Id).Take(BatchSize)
            .Select(r => new TakenEvent(r.Id, r.Kind, r.UserId, r.DeviceId, r.Session, r.SubscriptionId, r.Href, r.At)).ToListAsync(cancellationToken);
        if (events.Count == 0) return ([], false);
        var (told, more) = await subscriptions.TellAsync(context, events, cancellationToken);
        var mayHaveMore = told < events.Count || events.Count == BatchSize;
        events.RemoveRange(told, events.Count - told);
        var ids = events.ConvertAll(e => e.Id);
        await context.Set<OutboxRow>().Where(r => ids.Contains(r.Id)).ExecuteDeleteAsync(cancellationToken);
        List<Hint> taken = [.. events.Select(e => e.ToHint()), .. more];
        await lane.AnnounceAsync(context, taken, cancellationToken);
        return (taken, mayHaveMore);
    }
}
