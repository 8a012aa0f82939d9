namespace OcfCloud.LoadGenerator.Measuring;

/// <summary>What one run came to; written as one line of JSON. Times are seconds, latencies milliseconds.</summary>
internal sealed record Measured
{
    /// <summary>The row of the comparison that it belongs to.</summary>
    public string? Row { get; init; }

    /// <summary>Who was measured.</summary>
    public string? Server { get; init; }

    /// <summary>The command.</summary>
    public required string Mode { get; init; }

    /// <summary>Connections, pairs or devices.</summary>
    public int Connections { get; init; }

    /// <summary>Requests in flight on each connection.</summary>
    public int Depth { get; init; }

    /// <summary>How long was measured.</summary>
    public double Seconds { get; init; }

    /// <summary>What was done in that time: requests answered with 2.xx, handshakes, sign-ins.</summary>
    public long Requests { get; init; }

    /// <summary>What was answered otherwise, or failed.</summary>
    public long Failed { get; init; }

    /// <summary>A second.</summary>
    public double RequestsPerSecond => Seconds > 0 ? Math.Round(Requests / Seconds, 1) : 0;

    /// <summary>Handshakes among them that continued a session.</summary>
    public long? Resumed { get; init; }

    /// <summary>Latency.</summary>
    public double P50 { get; init; }

    /// <summary>Latency.</summary>
    public double P90 { get; init; }

    /// <summary>Latency.</summary>
    public double P99 { get; init; }

    /// <summary>Latency.</summary>
    public double P999 { get; init; }

    /// <summary>Processor time of the server.</summary>
    public double ServerCpuSeconds { get; init; }

    /// <summary>The same for 100,000 requests; null where nothing was asked.</summary>
    public double? ServerCpuSecondsPer100000 => Requests > 0 ? Math.Round(ServerCpuSeconds * 100_000 / Requests, 4) : null;

    /// <summary>Processor time of the generator.</summary>
    public double GeneratorCpuSeconds { get; init; }

    /// <summary>Memory of the server at the end, in bytes.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>What each device added to it, in KiB.</summary>
    public double? KiBPerDevice { get; init; }

    /// <summary>For people.</summary>
    public override string ToString()
    {
        var who = string.Join(' ', new[] { Row, Server }.OfType<string>().DefaultIfEmpty(Mode));
        var text = KiBPerDevice is { } memory
            ? $"{who}: {memory:0.0} KiB each for {Connections} devices, which joined in {Seconds:0.0} s"
            : $"{who}: {Requests} in {Seconds:0.0} s, {RequestsPerSecond:0} a second, p50 {P50:0.00} p90 {P90:0.00} p99 {P99:0.00} p99.9 {P999:0.00} ms";
        text += $", server {ServerCpuSeconds:0.00} s CPU";
        if (ServerCpuSecondsPer100000 is { } cost)
            text += $" = {cost:0.000} s a 100,000";
        text += $", generator {GeneratorCpuSeconds:0.00} s CPU, server {ResidentBytes / 1048576.0:0} MiB resident";
        if (Resumed is { } resumed)
            text += $", {resumed} resumed";
        return Failed > 0 ? $"{text}, {Failed} FAILED" : text;
    }
}
