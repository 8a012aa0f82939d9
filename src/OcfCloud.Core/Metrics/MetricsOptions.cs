namespace OcfCloud.Core.Metrics;

/// <summary>How metrics are gathered.</summary>
public sealed class MetricsOptions
{
    /// <summary>How often figures that only the store knows are read. Default 10 seconds.</summary>
    public TimeSpan SamplePeriod { get; set; } = TimeSpan.FromSeconds(10);
}
