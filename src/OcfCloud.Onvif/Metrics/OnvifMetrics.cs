using System.Diagnostics.Metrics;
using Microsoft.EntityFrameworkCore;
using OcfCloud.Core.Metrics;
using OcfCloud.Core.Storage;
using OcfCloud.Onvif.Cameras;
using OcfCloud.Onvif.Operation;
using OcfCloud.Onvif.Provisioning;
using OcfCloud.Onvif.Soap;
using OcfCloud.Onvif.Uplink;

namespace OcfCloud.Onvif.Metrics;

/// <summary>What this room measures: uplinks, calls to cameras, and how far shares are.</summary>
internal sealed class OnvifMetrics : IRoomMetrics, IStoreSample
{
    private readonly Meter _meter;
    private readonly Tally<CallOutcome> _calls;
    private readonly Levels<ShareState> _shares;
    private readonly Levels<IncomingShareState> _incoming;

    public OnvifMetrics(UplinkRegister uplinks, IMeterFactory? meters = null)
    {
        _meter = RoomMeter.Create(meters, "Onvif");
        _calls = new(_meter, "ocfcloud.onvif.calls", "result", "{call}", "SOAP calls to cameras.");
        _shares = new(_meter, "ocfcloud.onvif.shares", "state", "{share}", "Shares of cameras with other clouds.");
        _incoming = new(_meter, "ocfcloud.onvif.incoming_shares", "state", "{share}", "Cameras that other clouds were asked for.");
        _meter.CreateObservableUpDownCounter("ocfcloud.onvif.uplinks", () => Count(uplinks), "{uplink}", "Uplinks that this node holds.");
    }

    /// <summary>A call ended.</summary>
    public void Called(CallOutcome outcome) => _calls.Count(outcome);

    public async Task ReadAsync(CloudDbContext context, CancellationToken cancellationToken)
    {
        _shares.Set(await context.Set<Share>().GroupBy(share => share.State).Select(group => new { group.Key, Count = group.LongCount() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken));
        _incoming.Set(await context.Set<IncomingShare>().GroupBy(share => share.State).Select(group => new { group.Key, Count = group.LongCount() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken));
    }

    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<long>> Count(UplinkRegister uplinks)
    {
        var all = uplinks.All();
        foreach (var kind in Enum.GetValues<UplinkKind>())
            yield return new Measurement<long>(all.Count(uplink => uplink.Kind == kind), KeyValuePair.Create("kind", (object?)Tally<UplinkKind>.SnakeCase(kind.ToString())));
    }
}
