using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Audit;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Refusals;

/// <summary>The last refusal of each device, for who makes devices and for who owns them. The door only leaves it here; it is written in batches.</summary>
public sealed partial class DeviceRefusals : BackgroundService
{
    /// <summary>Devices whose refusal waits to be written; further ones are dropped.</summary>
    internal const int MaxWaiting = 500;

    private readonly Store _store;
    private readonly DeviceRefusalOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<DeviceRefusals> _logger;
    private readonly Lock _gate = new();
    private Dictionary<DeviceId, DeviceRefusal> _waiting = [];
    private DateTimeOffset _pruned;

    internal DeviceRefusals(Store store, DeviceRefusalOptions options, TimeProvider time, ILogger<DeviceRefusals> logger)
    {
        _store = store;
        _options = options;
        _time = time;
        _logger = logger;
        _pruned = time.GetUtcNow();
    }

    /// <summary>Leaves a refusal to be written; never waits. Under a flood some are dropped.</summary>
    /// <param name="device">The device.</param>
    /// <param name="what">One of <see cref="RefusedStep"/>.</param>
    /// <param name="code">The answer's code, or null.</param>
    /// <param name="reason">One of <see cref="RefusalReason"/>.</param>
    /// <param name="text">A sentence without secrets.</param>
    public void Record(DeviceId device, string what, string? code, string reason, string text)
    {
        var refusal = new DeviceRefusal(_time.GetUtcNow(), what, code, reason, text);
        lock (_gate)
        {
            if (_waiting.Count < MaxWaiting || _waiting.ContainsKey(device)) _waiting[device] = refusal;
        }
    }

    /// <summary>Devices that are not registered and were refused, the latest first.</summary>
    /// <param name="most">How many, 1 or more.</param>
    /// <param name="skip">How many of the latest are left out.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<RefusedDevice>> ListUnregisteredAsync(int most, int skip, CancellationToken cancellationToken) =>
        await _store.ReadAsync(
            (context, token) => Unregistered(context).OrderByDescending(row => row.At).ThenBy(row => row.DeviceId).Skip(skip).Take(most)
                .Select(row => new RefusedDevice(row.DeviceId, new DeviceRefusal(row.At, row.What, row.Code, row.Reason, row.Text))).ToListAsync(token),
            cancellationToken);

    /// <summary>Writes what waits. What could not be written is dropped: a device that is still refused comes again.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        Dictionary<DeviceId, DeviceRefusal> taken;
        lock (_gate)
        {
            if (_waiting.Count == 0) return;
            (taken, _waiting) = (_waiting, []);
        }
        await _store.WriteAsync((context, token) => WriteAsync(context, taken, token), cancellationToken);
    }

    /// <summary>Removes what is too old, and of unregistered devices what is too much.</summary>
    internal async Task PruneAsync(CancellationToken cancellationToken)
    {
        var before = _time.GetUtcNow() - _options.Keep;
        var surplus = await _store.ReadAsync(
            (context, token) => Unregistered(context).OrderByDescending(row => row.At).Skip(_options.MaxUnregistered).Select(row => (DateTimeOffset?)row.At).FirstOrDefaultAsync(token),
            cancellationToken);
        await _store.WriteAsync(
            async (context, token) =>
            {
                await context.Set<DeviceRefusalRow>().Where(row => row.At < before).ExecuteDeleteAsync(token);
                if (surplus is { } last) await Unregistered(context).Where(row => row.At <= last).ExecuteDeleteAsync(token);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.BatchPeriod, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryWriteAsync(stoppingToken);
    }

    private async Task TryWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken);
            var now = _time.GetUtcNow();
            if (now - _pruned < _options.PrunePeriod) return;
            _pruned = now;
            await PruneAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotWritten(e);
        }
    }

    private static IQueryable<DeviceRefusalRow> Unregistered(CloudDbContext context) =>
        context.Set<DeviceRefusalRow>().Where(row => !context.Set<Device>().Any(device => device.Id == row.DeviceId));

    private static async Task WriteAsync(CloudDbContext context, Dictionary<DeviceId, DeviceRefusal> refusals, CancellationToken cancellationToken)
    {
        var ids = refusals.Keys.ToList();
        var known = await context.Set<DeviceRefusalRow>().AsTracking().Where(row => ids.Contains(row.DeviceId)).ToDictionaryAsync(row => row.DeviceId, cancellationToken);
        // In order of id, so that two nodes wait for each other in one direction.
        foreach (var (device, refusal) in refusals.OrderBy(one => one.Key))
        {
            var text = AuditText.Kept(refusal.Text, DeviceRefusalRow.MaxTextLength);
            if (!known.TryGetValue(device, out var row))
            {
                context.Add(new DeviceRefusalRow { DeviceId = device, At = refusal.At, What = refusal.What, Code = refusal.Code, Reason = refusal.Reason, Text = text });
            }
            else if (row.At <= refusal.At)
            {
                (row.At, row.What, row.Code, row.Reason, row.Text) = (refusal.At, refusal.What, refusal.Code, refusal.Reason, text);
            }
        }
    }
}
