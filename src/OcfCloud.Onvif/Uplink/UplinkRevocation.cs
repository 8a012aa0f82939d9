using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OcfCloud.Core.Devices;
using OcfCloud.Core.Events;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;

namespace OcfCloud.Onvif.Uplink;

/// <summary>Closes the uplinks of cameras that are not let in any more, and those whose place a newer connection took on another node.</summary>
internal sealed partial class UplinkRevocation : BackgroundService
{
    private const int MaxBatch = 500;

    private readonly Lock _gate = new();
    private readonly WakeSignal _signal = new();
    private readonly Store _store;
    private readonly NodeIdentity _node;
    private readonly UplinkRegister _register;
    private readonly OnvifOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<UplinkRevocation> _logger;
    private readonly IDisposable _subscription;

    // No more than this node holds.
    private HashSet<Guid> _suspects = [];

    public UplinkRevocation(
        Store store, NodeIdentity node, UplinkRegister register, IHints hints, IOptions<OnvifOptions> options, TimeProvider time, ILogger<UplinkRevocation> logger)
    {
        (_store, _node, _register, _options, _time, _logger) = (store, node, register, options.Value, time, logger);
        _subscription = hints.SubscribeAll(Receive);
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _signal.WaitAsync(Timeout.InfiniteTimeSpan, _time, stoppingToken);
            HashSet<Guid> suspects;
            lock (_gate) (suspects, _suspects) = (_suspects, []);
            try
            {
                foreach (var batch in suspects.Chunk(MaxBatch)) await LookAsync(batch, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotLooked(e);
                Suspect(suspects);
                await Task.Delay(_options.LookInterval, _time, stoppingToken);
            }
        }
    }

    private void Receive(Hint hint)
    {
        switch (hint.Kind)
        {
            case EventKind.CameraChanged when hint.Device is { } camera:
                if (_register.Of(camera.Value).Count > 0) Suspect([camera.Value]);
                break;
            case EventKind.CameraChanged or EventKind.UserRemoved:
                Suspect(_register.All(hint.User).Select(uplink => uplink.Camera));
                break;
            case EventKind.EverythingChanged:
                Suspect(_register.All().Select(uplink => uplink.Camera));
                break;
        }
    }

    private void Suspect(IEnumerable<Guid> cameras)
    {
        lock (_gate) _suspects.UnionWith(cameras);
        _signal.Set();
    }

    private async Task LookAsync(Guid[] cameras, CancellationToken cancellationToken)
    {
        // Of these the rows that are read next are newer than their own; one that is written only now takes what is there.
        var written = cameras.SelectMany(_register.Of).Where(uplink => uplink.IsWritten).ToHashSet();
        var (standing, rows) = await _store.ReadAsync(
            async (context, token) => (
                await UplinkRight.FindAsync(context, cameras, token),
                await context.Set<CameraUplink>().Where(u => cameras.Contains(u.CameraId)).ToListAsync(token)),
            cancellationToken);
        foreach (var uplink in cameras.SelectMany(_register.Of))
        {
            if (!standing.Contains(uplink.Camera)) uplink.Close(UplinkEnd.Revoked);
            else if (written.Contains(uplink) && uplink.IsReplacedBy(rows, _node.Id)) uplink.Close(UplinkEnd.Replaced);
        }
    }
}
