using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Storage;
using OcfCloud.Core.Subscriptions;

namespace OcfCloud.Core.Twins;

/// <summary>Keeps changed representations in memory and writes the newest of each resource in batches (architecture.md, Twin).</summary>
/// <remarks>
/// <code>
///   Changed ──► TwinQueue ──┬─ a subscribed device's: SubscribedBatchPeriod ─┬─► one transaction: lock the devices, write what differs,
///                           └─ all others: BatchPeriod ──────────────────────┘   with an event where the store has a subscription
/// </code>
/// </remarks>
public sealed partial class TwinWriter : BackgroundService
{
    // Resources written by one transaction.
    private const int MaxBatch = 500;

    private readonly Store _store;
    private readonly SubscriptionInterest _interest;
    private readonly TwinOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TwinWriter> _logger;
    private readonly CoreMetrics _metrics;
    private readonly TwinQueue _queue;
    private readonly WakeSignal _changed = new();
    private readonly WakeSignal _changedSoon = new();
    private readonly SemaphoreSlim _writing = new(1, 1);

    // Since it was logged last; many at once, where there is no room.
    private long _dropped;

    internal TwinWriter(Store store, SubscriptionInterest interest, TwinOptions options, TimeProvider time, CoreMetrics metrics, ILogger<TwinWriter> logger)
    {
        _store = store;
        _interest = interest;
        _options = options;
        _time = time;
        _logger = logger;
        _metrics = metrics;
        _queue = new TwinQueue(options.MaxPendingBytes);
        metrics.Watch("ocfcloud.twin.queue", "{resource}", () => _queue.Count, "Resources whose representation waits to be written.");
        metrics.Watch("ocfcloud.twin.queue.size", "By", () => _queue.Bytes, "Bytes of representations that wait to be written.");
    }

    /// <summary>A representation was seen. Never waits; what passes the bounds of <see cref="TwinOptions"/> is dropped.</summary>
    /// <param name="device">The device.</param>
    /// <param name="user">Its user.</param>
    /// <param name="session">The session from which it comes.</param>
    /// <param name="href">The resource's path on the device. Kept where the device has published it, and for <c>/oic/d</c> and <c>/oic/p</c>.</param>
    /// <param name="representation">The bytes; copied.</param>
    /// <param name="contentFormat">Their CoAP content format (10000, 60, 50).</param>
    public void Changed(DeviceId device, UserId user, long session, string href, ReadOnlySpan<byte> representation, int contentFormat)
    {
        // What is no href of a link (a path is the asker's text) is never kept.
        if (representation.Length > _options.MaxRepresentationSize || !ResourceHref.TryParse(href, out _)) return;
        var soon = _interest.Has(device);
        if (!_queue.TryAdd(new TwinChange(device, user, session, href, representation.ToArray(), contentFormat, _time.GetUtcNow()), soon))
        {
            _metrics.TwinDropped();
            Interlocked.Increment(ref _dropped);
        }

        (soon ? _changedSoon : _changed).Set();
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            LogNotWritten(e);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    /// <summary>Writes what waits.</summary>
    internal Task FlushAsync(CancellationToken cancellationToken) => FlushAsync(_queue.Waiting, cancellationToken);

    /// <summary>Writes what waits of the devices that are subscribed to.</summary>
    internal Task FlushSoonAsync(CancellationToken cancellationToken) => FlushAsync(_queue.WaitingSoon, cancellationToken);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        WriteAsync(_changed, _options.BatchPeriod, FlushAsync, stoppingToken),
        WriteAsync(_changedSoon, _options.SubscribedBatchPeriod, FlushSoonAsync, stoppingToken));

    private async Task FlushAsync(Func<IReadOnlyList<(DeviceId Device, string Href)>> waiting, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped) LogFull(dropped);
        foreach (var batch in waiting().OrderBy(resource => resource.Device).Chunk(MaxBatch)) await FlushAsync(batch, cancellationToken);
    }

    // Taken when the one before is written: of one resource the newer is never written first. A batch at a time: what is to be written soon waits for one, not for
    // all that waits.
    private async Task FlushAsync((DeviceId Device, string Href)[] resources, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var batch = _queue.Take(resources);
            if (batch.Length == 0) return;
            try
            {
                await _store.WriteAsync((context, token) => WriteAsync(context, batch, token), cancellationToken);
            }
            catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
            {
                _queue.PutBack(batch);
                throw;
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task WriteAsync(WakeSignal changed, TimeSpan period, Func<CancellationToken, Task> flush, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await changed.WaitAsync(Timeout.InfiniteTimeSpan, _time, stoppingToken);
            await Task.Delay(period, _time, stoppingToken);
            try
            {
                await flush(stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                LogNotWritten(e);
                // What was put back waits with all others.
                _changed.Set();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // A batch that cannot be written now cannot be written later either: the next change of a resource makes it good. The batches after it wait.
                LogLost(e);
                _changed.Set();
            }
        }
    }

    private static async Task WriteAsync(CloudDbContext context, TwinChange[] batch, CancellationToken cancellationToken)
    {
        var ids = batch.Select(c => c.Device).Distinct().ToArray();
        var hrefs = batch.Select(c => c.Href).Distinct(StringComparer.Ordinal).ToArray();
        var devices = (await context.LockDevicesAsync(ids, cancellationToken)).ToDictionary(d => d.Id);
        var rows = (await context.Set<TwinRow>().Where(t => ids.Contains(t.DeviceId) && hrefs.Contains(t.Href)).ToListAsync(cancellationToken))
            .ToDictionary(t => (t.DeviceId, t.Href));
        var published = (await context.Set<LinkRow>().Where(l => ids.Contains(l.DeviceId) && hrefs.Contains(l.Href))
            .Select(l => new { l.DeviceId, l.Href }).ToListAsync(cancellationToken)).Select(l => (l.DeviceId, l.Href)).ToHashSet();
        var changed = new List<TwinRow>();
        foreach (var change in batch)
        {
            if (!devices.TryGetValue(change.Device, out var device) || !MayWrite(device, change)) continue;
            if (change.Href == DeviceName.Href) device.Name = DeviceName.Read(change.Representation, change.ContentFormat) ?? device.Name;
            var key = (change.Device, change.Href);
            if (rows.TryGetValue(key, out var row))
            {
                if (Renew(row, change)) changed.Add(row);
            }
            else if (TwinStore.IsAlwaysKept(change.Href) || published.Contains(key))
            {
                row = RowOf(change);
                context.Add(row);
                changed.Add(row);
            }
        }
        if (changed.Count > 0) await TellAsync(context, devices, changed, cancellationToken);
    }

    // The store is asked, under the devices' locks, which making a subscription takes too: what is written before is in the state told first, what is written
    // after is an event.
    private static async Task TellAsync(
        CloudDbContext context, Dictionary<DeviceId, Device> devices, List<TwinRow> changed, CancellationToken cancellationToken)
    {
        var ids = changed.Select(t => t.DeviceId).Distinct().ToArray();
        var hrefs = changed.Select(t => t.Href).Distinct(StringComparer.Ordinal).ToArray();
        var subscribed = (await context.Set<SubscriptionRow>()
            .Where(s => s.Level == SubscriptionLevel.Resource && s.Phase <= SubscriptionPhase.Live && ids.Contains(s.DeviceId!.Value) && hrefs.Contains(s.Href))
            .Select(s => new { s.UserId, Device = s.DeviceId!.Value, Href = s.Href! }).Distinct().ToListAsync(cancellationToken))
            .Select(s => (s.UserId, s.Device, s.Href)).ToHashSet();
        foreach (var row in changed)
        {
            var user = devices[row.DeviceId].UserId;
            if (subscribed.Contains((user, row.DeviceId, row.Href))) Outbox.AddChanged(context, user, row);
        }
    }

    // From another life of the device, or turned off meanwhile.
    private static bool MayWrite(Device device, TwinChange change) =>
        device.TwinEnabled && device.UserId == change.User && change.Session >= device.Session;

    private static bool Renew(TwinRow row, TwinChange change)
    {
        if (change.Session < row.Session) return false;
        if (row.ContentFormat == change.ContentFormat && row.Representation.AsSpan().SequenceEqual(change.Representation)) return false;
        row.Representation = change.Representation;
        row.ContentFormat = change.ContentFormat;
        row.ChangedAt = change.At;
        row.Session = change.Session;
        return true;
    }

    private static TwinRow RowOf(TwinChange change) => new()
    {
        DeviceId = change.Device,
        Href = change.Href,
        Representation = change.Representation,
        ContentFormat = change.ContentFormat,
        ChangedAt = change.At,
        Session = change.Session,
    };
}
