using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Directory;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Twins;

/// <summary>Keeps changed representations in memory and writes the newest of each resource in batches (architecture.md, Twin).</summary>
public sealed partial class TwinWriter : BackgroundService
{
    // Resources written by one transaction.
    private const int MaxBatch = 500;

    private readonly Store _store;
    private readonly TwinOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TwinWriter> _logger;
    private readonly TwinQueue _queue;
    private readonly WakeSignal _changed = new();

    internal TwinWriter(Store store, TwinOptions options, TimeProvider time, ILogger<TwinWriter> logger)
    {
        _store = store;
        _options = options;
        _time = time;
        _logger = logger;
        _queue = new TwinQueue(options.MaxPendingBytes);
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
        if (!_queue.TryAdd(new TwinChange(device, user, session, href, representation.ToArray(), contentFormat, _time.GetUtcNow()))) LogFull(device);
        _changed.Set();
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
        _changed.Dispose();
        base.Dispose();
    }

    /// <summary>Writes what waits. Only one caller at a time.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        var left = new Queue<TwinChange[]>(_queue.Take().OrderBy(c => c.Device).Chunk(MaxBatch));
        try
        {
            while (left.TryPeek(out var batch))
            {
                await _store.WriteAsync((context, token) => WriteAsync(context, batch, token), cancellationToken);
                left.Dequeue();
            }
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            _queue.PutBack(left.SelectMany(batch => batch));
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _changed.WaitAsync(Timeout.InfiniteTimeSpan, _time, stoppingToken);
            await Task.Delay(_options.BatchPeriod, _time, stoppingToken);
            try
            {
                await FlushAsync(stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                LogNotWritten(e);
                _changed.Set();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // What cannot be written now cannot be written later either: the next change of the resource makes it good.
                LogLost(e);
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
        foreach (var change in batch)
        {
            if (!devices.TryGetValue(change.Device, out var device) || !MayWrite(device, change)) continue;
            if (change.Href == DeviceName.Href) device.Name = DeviceName.Read(change.Representation, change.ContentFormat) ?? device.Name;
            var key = (change.Device, change.Href);
            if (rows.TryGetValue(key, out var row)) Renew(row, change);
            else if (TwinStore.IsAlwaysKept(change.Href) || published.Contains(key)) context.Add(RowOf(change));
        }
    }

    // From another life of the device, or turned off meanwhile.
    private static bool MayWrite(Device device, TwinChange change) =>
        device.TwinEnabled && device.UserId == change.User && change.Session >= device.Session;

    private static void Renew(TwinRow row, TwinChange change)
    {
        if (change.Session < row.Session) return;
        if (row.ContentFormat == change.ContentFormat && row.Representation.AsSpan().SequenceEqual(change.Representation)) return;
        row.Representation = change.Representation;
        row.ContentFormat = change.ContentFormat;
        row.ChangedAt = change.At;
        row.Session = change.Session;
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
