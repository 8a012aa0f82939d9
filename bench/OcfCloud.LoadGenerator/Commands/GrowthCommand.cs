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
        LatencyHistogram publish = new(), signIn = new(), discovery = new();
        var meter = new Meter(surroundings.Process());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (device, connection) in online)
            {
                // Another end each time: what is the same as before is not written.
                var lifetime = 100_000 + round;
                await TimeAsync(publish, () => device.PublishAsync(connection, Links, lifetime, cancellationToken));
                await TimeAsync(signIn, () => device.SignInAsync(connection, isFirst: false, cancellationToken));
                await TimeAsync(discovery, () => DiscoverAsync(connection, cancellationToken));
            }
        }

        meter.Stop();
        foreach (var (_, connection) in online)
            await connection.DisposeAsync();
        var code = ExitCodes.Done;
        foreach (var (kind, latencies) in new[] { ("publish", publish), ("sign-in", signIn), ("discovery", discovery) })
            code = Math.Max(code, await (surroundings with { Row = $"{surroundings.Row} {kind}".Trim() }).TellAsync(meter.Read(Mode, latencies) with { Connections = count }));
        return code;
    }

    private static async Task TimeAsync(LatencyHistogram latencies, Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        latencies.Record(Stopwatch.GetTimestamp() - began);
    }

    private static async Task DiscoverAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        var reply = await connection.AskAsync(token => Requests.Get("/oic/res", token), cancellationToken);
        if (!reply.Code.IsSuccess || reply.Payload.Length == 0)
            throw new LoadException($"the cloud did not answer a discovery: {reply}");
    }
}
