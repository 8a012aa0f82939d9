using System.Diagnostics;

namespace OcfCloud.LoadGenerator.Measuring;

/// <summary>Time and processor time from one moment to another.</summary>
internal sealed class Meter(ServerProcess server)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly double _serverBegan = server.CpuSeconds();
    private readonly TimeSpan _generatorBegan = Environment.CpuUsage.TotalTime;
    private double _seconds;
    private double _server;
    private double _generator;

    /// <summary>What is done from now on does not count.</summary>
    public void Stop()
    {
        _seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        _server = server.CpuSeconds() - _serverBegan;
        _generator = (Environment.CpuUsage.TotalTime - _generatorBegan).TotalSeconds;
    }

    /// <summary>What was done between.</summary>
    /// <param name="mode">The command.</param>
    /// <param name="latencies">What was done, and how long each took.</param>
    public Measured Read(string mode, LatencyHistogram latencies) => new()
    {
        Mode = mode,
        Seconds = Math.Round(_seconds, 3),
        Requests = latencies.Count,
        P50 = Math.Round(latencies.Percentile(0.5), 3),
        P90 = Math.Round(latencies.Percentile(0.9), 3),
        P99 = Math.Round(latencies.Percentile(0.99), 3),
        P999 = Math.Round(latencies.Percentile(0.999), 3),
        ServerCpuSeconds = Math.Round(_server, 2),
        GeneratorCpuSeconds = Math.Round(_generator, 2),
        ResidentBytes = server.ResidentBytes(),
    };
}
