using System.CommandLine;
using OcfCloud.LoadGenerator.Connections;
using OcfCloud.LoadGenerator.Devices;
using OcfCloud.LoadGenerator.Measuring;

namespace OcfCloud.LoadGenerator.Commands;

/// <summary><c>requests</c>: GETs that the server answers itself.</summary>
internal static class RequestsCommand
{
    private const string Mode = "requests";

    /// <summary>Describes the command.</summary>
    public static Command Describe(SharedOptions shared)
    {
        var load = new LoadOptions();
        var path = new Option<string>("--path") { Description = "What is asked for [/oic/rd]", DefaultValueFactory = _ => "/oic/rd" };
        var command = new Command(Mode, "GETs of a small resource that the server answers itself; at the cloud by signed-in clients.") { path };
        load.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(shared.Read(parsed), load.Read(parsed), parsed.GetValue(path)!, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(Surroundings surroundings, Load load, string path, CancellationToken cancellationToken)
    {
        var server = surroundings.Process();
        List<PeerConnection> connections;
        if (surroundings.Target is null)
        {
            using var fleet = new Fleet(surroundings.Cloud(), surroundings.Tls, resumes: false);
            connections = (await fleet.JoinAsync(load.Connections, links: 0, PeerConnection.LoadBuffer, _ => { }, cancellationToken)).ConvertAll(one => one.Connection);
        }
        else
        {
            connections = await surroundings.DialTargetAsync(load.Connections, cancellationToken);
        }

        var asking = connections.ConvertAll(connection => (connection, path));
        return await surroundings.TellAsync(await LoadRun.MeasureAsync(Mode, connections, asking, load, server, cancellationToken));
    }
}
