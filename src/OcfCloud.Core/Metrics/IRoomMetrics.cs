namespace OcfCloud.Core.Metrics;

/// <summary>What a room measures. The host makes all of them when it starts, so that what never happened yet is exported as zero. Disposing ends the meter.</summary>
public interface IRoomMetrics : IDisposable;
