using OcfCloud.LoadGenerator.Connections;

namespace OcfCloud.LoadGenerator.Measuring;

/// <summary>Lets clients ask for a time and says what it cost.</summary>
internal static class LoadRun
{
    /// <summary>Measures.</summary>
    /// <param name="mode">The command.</param>
    /// <param name="connections">Set up, those that answer included; disposed at the end.</param>
    /// <param name="asking">Which of them ask.</param>
    /// <param name="load">What, how deep, how long.</param>
    /// <param name="server">What is measured.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LoadException">A connection ended under load.</exception>
    public static async Task<Measured> MeasureAsync(
        string mode,
        IReadOnlyCollection<PeerConnection> connections,
        IReadOnlyCollection<(PeerConnection Connection, string Path)> asking,
        Load load,
        ServerProcess server,
        CancellationToken cancellationToken)
    {
        var phase = new MeasuringPhase();
        var clients = asking.Select(one => new PipelinedClient(one.Connection, one.Path, load.Depth, phase)).ToList();
        var running = clients.ConvertAll(client => client.RunAsync());
        var firstEnd = Task.WhenAny(running);
        Meter meter;
        try
        {
            await WaitAsync(load.WarmUp);
            meter = new Meter(server);
            phase.Begin();
            await WaitAsync(load.Duration);
            meter.Stop();
        }
        finally
        {
            phase.End();
            foreach (var connection in connections)
                await connection.DisposeAsync();
        }

        await Task.WhenAll(running);
        var latencies = new LatencyHistogram();
        clients.ForEach(client => latencies.Add(client.Latencies));
        return meter.Read(mode, latencies) with { Connections = clients.Count, Depth = load.Depth, Failed = clients.Sum(client => client.Refused) };

        async Task WaitAsync(TimeSpan time)
        {
            // A connection that ends early is a failure, and says which.
            if (await Task.WhenAny(Task.Delay(time, cancellationToken), firstEnd) == firstEnd)
                await await firstEnd;
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
