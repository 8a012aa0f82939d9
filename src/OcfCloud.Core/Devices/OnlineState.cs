using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OcfCloud.Core.Events;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Storage;

namespace OcfCloud.Core.Devices;

/// <summary>Writes who is online, with the events, in batches (architecture.md, How a change flows).</summary>
/// <remarks>
/// <code>
///   SignedIn, SignedOut ──► SessionQueue (the last of each device) ──► one transaction: lock the rows, compare sessions, write row and event
///                                                                        └─ a greater session holds the device, or it is gone ──► hint SessionRevoked
/// </code>
/// </remarks>
public sealed partial class OnlineState : BackgroundService
{
    // Rows locked by one transaction.
    private const int MaxBatch = 500;

    private readonly Store _store;
    private readonly NodeIdentity _node;
    private readonly NodeLease _lease;
    private readonly Outbox _outbox;
    private readonly Hints _hints;
    private readonly OnlineStateOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<OnlineState> _logger;
    private readonly SessionQueue _queue = new();
    private readonly WakeSignal _changed = new();
    private readonly IDisposable _subscription;

    internal OnlineState(
        Store store, NodeIdentity node, NodeLease lease, Outbox outbox, Hints hints, OnlineStateOptions options, TimeProvider time, CoreMetrics metrics,
        ILogger<OnlineState> logger)
    {
        _store = store;
        _node = node;
        _lease = lease;
        _outbox = outbox;
        _hints = hints;
        _options = options;
        _time = time;
        _logger = logger;
        _subscription = hints.SubscribeAll(Receive);
        metrics.Watch("ocfcloud.sessions.queue", "{device}", () => _queue.Waiting, "Devices whose going online or offline waits to be written.");
    }

    /// <summary>Sets the sessions of this node's former life offline; awaited before the doors open.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public Task ClearFormerLifeAsync(CancellationToken cancellationToken) => _lease.ClearFormerLifeAsync(cancellationToken);

    /// <summary>A session began. Never waits: it is written within <see cref="OnlineStateOptions.BatchPeriod"/>.</summary>
    /// <remarks>Where the store knows a greater session, or the device is not the user's any more, a hint <see cref="EventKind.SessionRevoked"/> follows.</remarks>
    public void SignedIn(DeviceId device, UserId user, long session)
    {
        _queue.Begin(device, user, session);
        _changed.Set();
    }

    /// <summary>A session ended. Never waits; nothing happens where a greater session holds the device.</summary>
    public void SignedOut(DeviceId device, long session)
    {
        _queue.End(device, session);
        _changed.Set();
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await FlushAsync(cancellationToken);
            // The doors are closed: what still counts as online here is not.
            await _lease.ClearThisLifeAsync(cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            LogNotWritten(e);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    internal long LastSessionOf(DeviceId device) => _queue.LastOf(device);

    internal void WriteLiveSessionsAnew()
    {
        _queue.BeginLiveAnew();
        _changed.Set();
    }

    /// <summary>Writes what waits. Only one caller at a time.</summary>
    internal async Task FlushAsync(CancellationToken cancellationToken)
    {
        Refuse(_queue.TakeOvertaken());
        var changes = _queue.Take();
        try
        {
            foreach (var batch in changes.Chunk(MaxBatch))
            {
                var (refused, cleared) = await _store.WriteAsync((context, token) => WriteAsync(context, batch, token), cancellationToken);
                Refuse(refused);
                if (!cleared) continue;
                WriteLiveSessionsAnew();
                _lease.WriteBelongingsAnew();
            }
            _queue.Written();
        }
        catch
        {
            // Writing a change twice does no harm.
            _queue.PutBack();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _changed.WaitAsync(Timeout.InfiniteTimeSpan, _time, stoppingToken);
            try
            {
                await FlushAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotWritten(e);
                _changed.Set();
            }
            // The first of a burst is written at once, the rest together.
            await Task.Delay(_options.BatchPeriod, _time, stoppingToken);
        }
    }

    // What was missed may have been the end of sessions that live here: the store refuses those.
    private void Receive(Hint hint)
    {
        if (hint.IsEverything) WriteLiveSessionsAnew();
    }

    private void Refuse(IEnumerable<KeyValuePair<DeviceId, SessionChange>> refused)
    {
        foreach (var (device, change) in refused)
        {
            _queue.Forget(device, change.Session);
            _hints.Publish(new Hint(EventKind.SessionRevoked, change.User, device, change.Session));
        }
    }

    private async Task<(List<KeyValuePair<DeviceId, SessionChange>> Refused, bool Cleared)> WriteAsync(
        CloudDbContext context, KeyValuePair<DeviceId, SessionChange>[] batch, CancellationToken cancellationToken)
    {
        var cleared = await _lease.RenewAsync(context, cancellationToken);
        var rows = (await context.LockDevicesAsync([.. batch.Select(b => b.Key)], cancellationToken)).ToDictionary(d => d.Id);
        var refused = new List<KeyValuePair<DeviceId, SessionChange>>();
        foreach (var entry in batch)
        {
            if (rows.TryGetValue(entry.Key, out var device) && MayWrite(device, entry.Value)) Write(context, device, entry.Value);
            else if (entry.Value.Online) refused.Add(entry);
        }
        return (refused, cleared);
    }

    private static bool MayWrite(Device device, SessionChange change) =>
        change.Unwritten
            ? device.Session <= change.Session && device.UserId == change.User
            : device.Session == change.Session;

    private void Write(CloudDbContext context, Device device, SessionChange change)
    {
        // The older session's connection is on another node, which hears of it by the event alone.
        if (device.Online && device.Session < change.Session && device.NodeId != _node.Id)
            _outbox.Add(context, EventKind.SessionRevoked, device.UserId, device.Id, device.Session);
        if (device.Online != change.Online)
            _outbox.Add(context, change.Online ? EventKind.DeviceOnline : EventKind.DeviceOffline, device.UserId, device.Id, change.Session);
        device.Online = change.Online;
        device.NodeId = change.Online ? _node.Id : null;
        device.Session = change.Session;
        device.LastSeenAt = _time.GetUtcNow();
    }
}
