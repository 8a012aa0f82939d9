using System.Diagnostics.Metrics;
using OcfCloud.Core.Metrics;

namespace OcfCloud.Host.Metrics;

/// <summary>What the host measures beside the rooms.</summary>
internal sealed class HostMetrics : IRoomMetrics
{
    private readonly Meter _meter;
    private readonly Tally<HttpDoor> _rejected;

    public HostMetrics(IMeterFactory? meters)
    {
        _meter = RoomMeter.Create(meters, "Host");
        _rejected = new(_meter, "ocfcloud.http.connections.rejected", "door", "{connection}", "Connections over the limit of an HTTP endpoint.");
    }

    /// <summary>A connection was over the limit.</summary>
    public void Rejected(HttpDoor door) => _rejected.Count(door);

    public void Dispose() => _meter.Dispose();

    /// <summary>Exports when certificates end.</summary>
    /// <param name="remaining">Seconds until the end of each, by its name.</param>
    public void Watch(Func<IEnumerable<(string Name, double Seconds)>> remaining) => _meter.CreateObservableGauge(
        "ocfcloud.certificate.expires",
        () => remaining().Select(one => new Measurement<double>(one.Seconds, KeyValuePair.Create("certificate", (object?)one.Name))),
        "s",
        "How long this cloud's own certificates are still valid.");
}
