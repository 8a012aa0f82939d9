using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace OcfCloud.DeviceGateway.Tests.Metrics;

/// <summary>What the host collects metrics with, over all gateways of this process.</summary>
internal sealed class Collector : IDisposable
{
    private readonly List<Metric> _exported = [];
    private readonly MeterProvider _provider;

    public Collector()
    {
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter("OcfCloud.DeviceGateway").AddReader(new BaseExportingMetricReader(new Exporter(_exported))).Build();
    }

    /// <summary>How often a histogram was recorded.</summary>
    public long CountOf(string histogram)
    {
        _exported.Clear();
        _provider.ForceFlush();
        var count = 0L;
        foreach (var metric in _exported.Where(metric => metric.Name == histogram))
        {
            foreach (ref readonly var point in metric.GetMetricPoints()) count += point.GetHistogramCount();
        }

        return count;
    }

    public void Dispose() => _provider.Dispose();

    private sealed class Exporter(List<Metric> exported) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch) exported.Add(metric);
            return ExportResult.Success;
        }
    }
}
