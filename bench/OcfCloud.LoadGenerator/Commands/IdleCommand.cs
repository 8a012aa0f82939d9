using System.CommandLine;
using OcfCloud.LoadGenerator.Connections;
using OcfCloud.LoadGenerator.Devices;
using OcfCloud.LoadGenerator.Measuring;

namespace OcfCloud.LoadGenerator.Commands;

/// <summary><c>idle</c>: what a signed-in device that does nothing costs in memory.</summary>
internal static class IdleCommand
{
    // What the server needs for its first devices (compiled code, pools) is not what each further one costs.
    private const int First = 200;
    private const string Mode = "idle";

    /// <summary>Describes the command.</summary>
    public static Command Describe(SharedOptions shared)
    {
        var devices = LoadOptions.Number("--devices", "Idle devices", 10_000, 19_000);
        var links = LoadOptions.Number("--links", "That each publishes", 5, 150);
        var settle = LoadOptions.Seconds("--settle", "Until memory is looked at", 30);
        var command = new Command(Mode, "Memory that a signed-in idle device costs the server.") { devices, links, settle };
        command.SetAction((parsed, cancellation) => RunAsync(
            shared.Read(parsed), parsed.GetValue(devices), parsed.GetValue(links), TimeSpan.FromSeconds(parsed.GetValue(settle)), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings surroundings, int count, int links, TimeSpan settle, CancellationToken cancellationToken)
    {
        var server = surroundings.Process();
        using var fleet = new Fleet(surroundings.Cloud(), surroundings.Tls, resumes: false);
        var answering = new List<Task>();
        var online = await JoinAsync(First);
        await Task.Delay(settle / 2, cancellationToken);
        var before = server.ResidentBytes();

        var meter = new Meter(server);
        online.AddRange(await JoinAsync(count));
        meter.Stop();
        await Task.Delay(settle, cancellationToken);
        var after = server.ResidentBytes();

        var lost = answering.Count(task => task.IsCompleted);
        foreach (var device in online)
            await device.Connection.DisposeAsync();
        await Task.WhenAll(answering);
        return await surroundings.TellAsync(meter.Read(Mode, new LatencyHistogram()) with
        {
            Connections = count,
            Failed = lost,
            ResidentBytes = after,
            KiBPerDevice = Math.Round((after - before) / 1024.0 / count, 2),
        });

        async Task<List<OnlineDevice>> JoinAsync(int some) => await fleet.JoinAsync(
            some,
            links,
            PeerConnection.IdleBuffer,
            device =>
            {
                var task = device.Connection.AnswerAsync();
                lock (answering)
                    answering.Add(task);
            },
            cancellationToken);
    }
}
