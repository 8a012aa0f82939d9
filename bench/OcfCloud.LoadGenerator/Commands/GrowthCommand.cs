using System.CommandLine;
using System.Diagnostics;
using OcfCloud.LoadGenerator.Connections;
using OcfCloud.LoadGenerator.Devices;
using OcfCloud.LoadGenerator.Measuring;

namespace OcfCloud.LoadGenerator.Commands;

/// <summary><c>growth</c>: what one user's devices wait for, to be compared between stores of different sizes.</summary>
internal static class GrowthCommand
{
    private const string Mode = "growth";
    private const int Links = 5;

    /// <summary>Describes the command.</summary>
    public static Command Describe(SharedOptions shared)
    {
        var devices = LoadOptions.Number("--devices", "Devices of the user", 10, 1000);
        var rounds = LoadOptions.Number("--rounds", "Of each device, one measurement of each kind in each", 40, 10_000);
        var command = new Command(Mode, "One user's devices publish, sign in and discover, one thing after the other: three lines.") { devices, rounds };
        command.SetAction((parsed, cancellation) => RunAsync(shared.Read(parsed), parsed.GetValue(devices), parsed.GetValue(rounds), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings surroundings, int count, int rounds, CancellationToken cancellationToken)
    {
        using var fleet = new Fleet(surroundings.Cloud(), surroundings.Tls, resumes: false);
        var online = await fleet.JoinAsync(count, Links, PeerConnection.IdleBuffer, _ => { }, cancellationToken);
        // Another end of the links each time: what is the same as before is not written.
        await MeasureAsync("publish", (peer, round) => peer.Device.PublishAsync(peer.Connection, Links, 100_000 + round, cancellationToken));
        await MeasureAsync("sign-in", (peer, _) => peer.Device.SignInAsync(peer.Connection, isFirst: false, cancellationToken));
        await MeasureAsync("discovery", (peer, _) => DiscoverAsync(peer.Connection, cancellationToken));
        foreach (var (_, connection) in online)
            await connection.DisposeAsync();
        return ExitCodes.Done;

        async Task MeasureAsync(string kind, Func<OnlineDevice, int, Task> work)
        {
            var latencies = new LatencyHistogram();
            var meter = new Meter(surroundings.Process());
            for (var round = 0; round < rounds; round++)
            {
                foreach (var peer in online)
                {
                    var began = Stopwatch.GetTimestamp();
                    await work(peer, round);
                    latencies.Record(Stopwatch.GetTimestamp() - began);
                }
            }

            meter.Stop();
            await (surroundings with { Row = $"{surroundings.Row} {kind}".Trim() }).TellAsync(meter.Read(Mode, latencies) with { Connections = count });
        }
    }

    private static async Task DiscoverAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        var reply = await connection.AskAsync(token => Requests.Get("/oic/res", token), cancellationToken);
        if (!reply.Code.IsSuccess || reply.Payload.Length == 0)
            throw new LoadException($"the cloud did not answer a discovery: {reply}");
    }
}
