using System.CommandLine;
using OcfCloud.LoadGenerator.Connections;
using OcfCloud.LoadGenerator.Devices;
using OcfCloud.LoadGenerator.Measuring;

namespace OcfCloud.LoadGenerator.Commands;

/// <summary><c>routed</c>: GETs of clients that the cloud sends on to devices.</summary>
internal static class RoutedCommand
{
    private const string Mode = "routed";

    /// <summary>Describes the command.</summary>
    public static Command Describe(SharedOptions shared)
    {
        var load = new LoadOptions();
        var command = new Command(Mode, "GETs that clients send through the cloud to devices, one client and one device a pair, all of one user.");
        load.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(shared.Read(parsed), load.Read(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings surroundings, Load load, CancellationToken cancellationToken)
    {
        var server = surroundings.Process();
        using var fleet = new Fleet(surroundings.Cloud(), surroundings.Tls, resumes: false);
        var devices = await fleet.JoinAsync(load.Connections, links: 1, PeerConnection.LoadBuffer, _ => { }, cancellationToken);
        var clients = await fleet.JoinAsync(load.Connections, links: 0, PeerConnection.LoadBuffer, _ => { }, cancellationToken);
        var answering = devices.ConvertAll(device => device.Connection.AnswerAsync());
        var asking = clients.Zip(devices, (client, device) => (client.Connection, $"/{device.Device.Id:D}/light")).ToList();
        var measured = await LoadRun.MeasureAsync(
            Mode, [.. clients.Concat(devices).Select(one => one.Connection)], asking, load, server, cancellationToken);
        await Task.WhenAll(answering);
        return await surroundings.TellAsync(measured);
    }
}
