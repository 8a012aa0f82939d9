using System.CommandLine;
using System.Diagnostics;
using OcfCloud.LoadGenerator.Connections;
using OcfCloud.LoadGenerator.Devices;
using OcfCloud.LoadGenerator.Measuring;

namespace OcfCloud.LoadGenerator.Commands;

/// <summary><c>storm</c>: all devices lose their connections and come back at once.</summary>
internal static class StormCommand
{
    private const string Mode = "storm";

    // As devices do: again after a while, which is not the same for all.
    private static readonly TimeSpan RetryFirst = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryMost = TimeSpan.FromSeconds(16);

    /// <summary>Describes the command.</summary>
    public static Command Describe(SharedOptions shared)
    {
        var devices = LoadOptions.Number("--devices", "Devices that come back", 10_000, 19_000);
        var limit = LoadOptions.Seconds("--limit", "Until all have to be back", 600);
        var resume = new Option<bool>("--resume") { Description = "Continue TLS sessions" };
        var command = new Command(Mode, "All devices come back at once: how long until each is signed in, and how many attempts failed on the way.") { devices, limit, resume };
        command.SetAction((parsed, cancellation) => RunAsync(
            shared.Read(parsed), parsed.GetValue(devices), TimeSpan.FromSeconds(parsed.GetValue(limit)), parsed.GetValue(resume), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings surroundings, int count, TimeSpan limit, bool resume, CancellationToken cancellationToken)
    {
        var server = surroundings.Process();
        using var fleet = new Fleet(surroundings.Cloud(), surroundings.Tls, resume);
        var online = await fleet.JoinAsync(count, links: 1, PeerConnection.IdleBuffer, device => _ = device.Connection.AnswerAsync(), cancellationToken);
        foreach (var device in online)
            await device.Connection.DisposeAsync();
        await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);

        var latencies = new LatencyHistogram();
        var back = new List<PeerConnection>();
        var reasons = new Dictionary<string, int>(StringComparer.Ordinal);
        var attempts = 0;
        var began = Stopwatch.GetTimestamp();
        var meter = new Meter(server);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(limit);
        await Task.WhenAll(online.Select(device => Task.Run(() => ComeBackAsync(device.Device), CancellationToken.None)));
        meter.Stop();

        foreach (var connection in back)
            await connection.DisposeAsync();
        foreach (var (reason, times) in reasons.OrderByDescending(pair => pair.Value))
            await Console.Error.WriteLineAsync($"{times} attempts failed: {reason}");
        await Console.Error.WriteLineAsync($"{back.Count} of {count} devices are back after {attempts} attempts");
        return await surroundings.TellAsync(meter.Read(Mode, latencies) with { Connections = count, Failed = count - back.Count });

        async Task ComeBackAsync(Device device)
        {
            for (var wait = RetryFirst; !late.IsCancellationRequested; wait = wait * 2 < RetryMost ? wait * 2 : RetryMost)
            {
                Interlocked.Increment(ref attempts);
                PeerConnection? connection = null;
                try
                {
                    connection = new PeerConnection((await device.DialAsync(fleet.Door, late.Token)).Stream, PeerConnection.IdleBuffer);
                    await device.SignInAsync(connection, isFirst: true, late.Token);
                    lock (latencies)
                    {
                        latencies.Record(Stopwatch.GetTimestamp() - began);
                        back.Add(connection);
                    }

                    _ = connection.AnswerAsync();
                    return;
                }
                catch (Exception e) when (e is LoadException or OperationCanceledException)
                {
                    if (connection is not null)
                        await connection.DisposeAsync();
                    lock (reasons)
                        reasons[e.Message] = reasons.GetValueOrDefault(e.Message) + 1;
                    await Task.Delay(wait * (0.5 + Random.Shared.NextDouble()), late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }
    }
}
