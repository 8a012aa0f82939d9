using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;

namespace OcfCloud.Onvif.Uplink;

/// <summary>Writes which uplinks stand where, with the hints that a camera is online or offline, in batches.</summary>
/// <remarks>
/// A row is written and taken away by the node that holds the connection. What a dead node, or a former life of this one, left goes with its lease
/// (<see cref="INodeBelongings"/>); what still stands when this node stops goes so, too.
/// </remarks>
internal sealed partial class UplinkRows : BackgroundService, INodeBelongings
{
    private const int MaxBatch = 200;

    private readonly Lock _gate = new();
    private readonly WakeSignal _signal = new();
    private readonly Store _store;
    private readonly NodeIdentity _node;
    private readonly NodeLife _life;
    private readonly UplinkRegister _register;
    private readonly Announcements _announcements;
    private readonly OnvifOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<UplinkRows> _logger;

    // One entry for each camera and kind, so that a store that is away lets nothing grow.
    private Dictionary<(Guid Camera, UplinkKind Kind), HeldUplink> _changed = [];

    public UplinkRows(
        Store store, NodeIdentity node, NodeLife life, UplinkRegister register, Announcements announcements, IOptions<OnvifOptions> options, TimeProvider time, ILogger<UplinkRows> logger) =>
        (_store, _node, _life, _register, _announcements, _options, _time, _logger) = (store, node, life, register, announcements, options.Value, time, logger);

    /// <summary>An uplink stands now, or is over. Never waits: it is written within <see cref="OnvifOptions.UplinkBatchPeriod"/>.</summary>
    public void Changed(HeldUplink uplink)
    {
        lock (_gate) Note(uplink);
        _signal.Set();
    }

    public void WriteAnew()
    {
        lock (_gate) _register.All().ForEach(Note);
        _signal.Set();
    }

    public async Task ClearAsync(CloudDbContext context, Guid? node, CancellationToken cancellationToken)
    {
        var rows = context.Set<CameraUplink>().Where(u => node == null || u.Node == node);

        // In one order, and until the end: whose rows they are cannot change any more, and what is told of is what goes.
        if (context.LocksRows && node is { } gone)
        {
            await context.Set<CameraUplink>().FromSql($"""SELECT * FROM camera_uplinks WHERE "Node" = {gone} ORDER BY "CameraId", "Kind" FOR UPDATE""")
                .AsNoTracking().ToListAsync(cancellationToken);
        }

        var users = await rows.Join(context.Set<Camera>(), u => u.CameraId, c => c.Id, (_, c) => c.UserId).Distinct().ToListAsync(cancellationToken);
        foreach (var user in users) _announcements.CameraChanged(context, user, camera: null);
        await rows.ExecuteDeleteAsync(cancellationToken);
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        Dictionary<(Guid Camera, UplinkKind Kind), HeldUplink> changed;
        lock (_gate) (changed, _changed) = (_changed, []);
        try
        {
            foreach (var batch in changed.Values.Chunk(MaxBatch))
            {
                var (written, refused) = await _store.WriteAsync((context, token) => WriteAsync(context, batch, token), cancellationToken);
                written.ForEach(uplink => uplink.IsWritten = true);
                foreach (var (uplink, reason) in refused) uplink.Close(reason);
                if (_life.IsShared && written.Count > 0) await CloseReplacedAsync(written, cancellationToken);
            }
        }
        catch
        {
            // Writing one twice does no harm.
            lock (_gate)
            {
                foreach (var uplink in changed.Values) Note(uplink);
            }

            throw;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _signal.WaitAsync(Timeout.InfiniteTimeSpan, _time, stoppingToken);
            try
            {
                await FlushAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotWritten(e);
                _signal.Set();
            }

            // The first of a burst is written at once, the rest together.
            await Task.Delay(_options.UplinkBatchPeriod, _time, stoppingToken);
        }
    }

    // Another node may have taken a place between the commit and the moment from which UplinkRevocation looks at these.
    private async Task CloseReplacedAsync(List<HeldUplink> written, CancellationToken cancellationToken)
    {
        var cameras = written.Select(uplink => uplink.Camera).Distinct().ToArray();
        var rows = await _store.ReadAsync((context, token) => context.Set<CameraUplink>().Where(u => cameras.Contains(u.CameraId)).ToListAsync(token), cancellationToken);
        foreach (var uplink in written.Where(uplink => uplink.IsReplacedBy(rows, _node.Id))) uplink.Close(UplinkEnd.Replaced);
    }

    private void Note(HeldUplink uplink)
    {
        var key = (uplink.Camera, uplink.Kind);
        if (!_changed.TryGetValue(key, out var noted) || noted.IsOver || !uplink.IsOver) _changed[key] = uplink;
    }

    private async Task<(List<HeldUplink> Written, List<(HeldUplink Uplink, UplinkEnd Reason)> Refused)> WriteAsync(
        CloudDbContext context, HeldUplink[] batch, CancellationToken cancellationToken)
    {
        // What another node cleared is written again when this one has its lease again.
        if (!await _life.TryRenewAsync(context, cancellationToken)) return ([], []);
        foreach (var user in batch.Select(uplink => uplink.User).Distinct().OrderBy(user => user.Value)) await UserLock.TakeAsync(context, user, cancellationToken);
        var cameras = batch.Select(uplink => uplink.Camera).Distinct().ToArray();

        // Under the locks: whoever takes a camera's right away after this finds its uplink in the register.
        var standing = await UplinkRight.FindAsync(context, cameras, cancellationToken);
        var rows = await context.Set<CameraUplink>().Where(u => cameras.Contains(u.CameraId)).ToDictionaryAsync(u => (u.CameraId, u.Kind), cancellationToken);
        List<HeldUplink> written = [];
        List<(HeldUplink, UplinkEnd)> refused = [];
        foreach (var uplink in batch)
        {
            var row = rows.GetValueOrDefault((uplink.Camera, uplink.Kind));
            if (uplink.IsOver)
            {
                if (row is null || row.Node != _node.Id || _register.Holds(uplink.Camera, row.Connection)) continue;
                context.Remove(row);
            }
            else if (!standing.Contains(uplink.Camera))
            {
                refused.Add((uplink, UplinkEnd.Revoked));
                continue;
            }
            else if (uplink.IsWritten && uplink.IsReplacedBy(rows.Values, _node.Id))
            {
                // Who comes to the store first with a connection has the newest: no two clocks are compared.
                refused.Add((uplink, UplinkEnd.Replaced));
                continue;
            }
            else
            {
                written.Add(uplink);
                if (row?.Connection == uplink.Connection) continue;
                if (row is null) context.Add(row = new CameraUplink { CameraId = uplink.Camera, Kind = uplink.Kind });
                (row.Node, row.Connection, row.Since) = (_node.Id, uplink.Connection, uplink.Since);
            }

            _announcements.CameraChanged(context, uplink.User, uplink.Camera);
        }

        return (written, refused);
    }
}
