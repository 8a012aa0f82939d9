using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Subscriptions;

/// <summary>Of which devices a resource is subscribed to: there a change is not kept waiting. A guess, kept up by hints; what is told is decided in the store.</summary>
internal sealed partial class SubscriptionInterest : BackgroundService
{
    // Devices asked for by one query; more, and all are read anew.
    private const int MaxAsked = 500;

    private readonly Store _store;
    private readonly OutboxOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<SubscriptionInterest> _logger;
    private readonly IDisposable _subscription;
    private readonly ConcurrentDictionary<DeviceId, bool> _devices = new();
    private readonly WakeSignal _hinted = new();
    private ConcurrentDictionary<DeviceId, bool> _unsure = new();
    private int _allUnsure = 1;

    public SubscriptionInterest(Store store, IHints hints, OutboxOptions options, TimeProvider time, ILogger<SubscriptionInterest> logger)
    {
        _store = store;
        _options = options;
        _time = time;
        _logger = logger;
        _subscription = hints.SubscribeAll(Receive);
    }

    public bool Has(DeviceId device) => _devices.ContainsKey(device);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    /// <summary>Looks at the store where hints came. Only one caller at a time.</summary>
    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var all = Interlocked.Exchange(ref _allUnsure, 0) != 0;
        var unsure = Interlocked.Exchange(ref _unsure, new ConcurrentDictionary<DeviceId, bool>()).Keys;
        all |= unsure.Count > MaxAsked;
        if (!all && unsure.Count == 0) return;
        try
        {
            var found = await FindAsync(all ? null : [.. unsure], cancellationToken);
            foreach (var device in found) _devices[device] = true;
            // One that was hinted at meanwhile is looked at again.
            foreach (var device in all ? _devices.Keys : unsure)
            {
                if (!found.Contains(device) && !_unsure.ContainsKey(device)) _devices.TryRemove(device, out _);
            }
        }
        catch
        {
            Volatile.Write(ref _allUnsure, 1);
            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RefreshAsync(stoppingToken);
                await _hinted.WaitAsync(Timeout.InfiniteTimeSpan, _time, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotRead(e);
                await Task.Delay(_options.RetryPeriod, _time, stoppingToken);
            }
        }
    }

    private async Task<HashSet<DeviceId>> FindAsync(DeviceId[]? among, CancellationToken cancellationToken) =>
        [.. await _store.ReadAsync(
            (context, token) =>
            {
                var rows = context.Set<SubscriptionRow>().Where(s => s.Level == SubscriptionLevel.Resource && s.Phase <= SubscriptionPhase.Live);
                if (among is not null) rows = rows.Where(s => among.Contains(s.DeviceId!.Value));
                return rows.Select(s => s.DeviceId!.Value).Distinct().ToListAsync(token);
            },
            cancellationToken)];

    private void Receive(Hint hint)
    {
        if (hint.IsEverything)
        {
            Volatile.Write(ref _allUnsure, 1);
        }
        else if (hint is { Kind: EventKind.SubscriptionMade or EventKind.SubscriptionCancelled, Device: { } device })
        {
            if (hint.Kind == EventKind.SubscriptionMade) _devices[device] = true;
            Volatile.Read(ref _unsure)[device] = true;
        }
        else
        {
            return;
        }
        _hinted.Set();
    }
}
