using System.CommandLine;
using System.Net;
using OcfCloud.Simulator.Cameras.Uplinks;

namespace OcfCloud.Simulator.Commands;

/// <summary><c>camera</c>: simulated ONVIF cameras that live until they are told to stop.</summary>
internal static class CameraCommand
{
    private const int MostCameras = 10_000;
    private const int EnrolmentsAtOnce = 8;

    /// <summary>Describes the command.</summary>
    public static Command Describe(CommandContext context)
    {
        var options = new CameraOptions();
        var command = new Command("camera", "Runs simulated cameras, which enrol themselves, until Ctrl-C.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(context, context.Surroundings(parsed), options.Read(parsed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, Surroundings surroundings, CameraChoices choices, CancellationToken cancellationToken)
    {
        if (choices.Count is < 1 or > MostCameras)
            throw CommandFailedException.WrongUsage($"--count: {choices.Count} is not within 1 to {MostCameras}.");
        if (choices.Count > 1 && (choices.Csr ?? choices.Enrolment ?? choices.Serial) is not null)
            throw CommandFailedException.WrongUsage("--csr, --enrolment and --serial are for one camera; --count makes several.");

        var cameras = new List<RunningCamera>();
        try
        {
            for (var i = 0; i < choices.Count; i++)
                cameras.Add(RunningCamera.Open(surroundings, choices, context));
            if (choices.Csr is not null)
                return await cameras[0].WriteRequestAsync(choices.Csr, cancellationToken);

            var local = choices.Listen is { } listen ? cameras.Select((camera, i) => (Endpoint(listen, i), camera.Camera)) : [];
            await using var server = new CameraServer([.. local], context.Time);
            var addresses = await server.StartAsync(cancellationToken);
            foreach (var (camera, address) in cameras.Zip(addresses))
                camera.Camera.Tell($"listens at {address}");
            await Parallel.ForEachAsync(
                cameras,
                new ParallelOptions { MaxDegreeOfParallelism = EnrolmentsAtOnce, CancellationToken = cancellationToken },
                async (camera, cancellation) => await camera.EnrolAsync(choices, cancellation));
            await Task.WhenAll(cameras.Select(camera => camera.Camera.RunAsync(server, cancellationToken)));
            return ExitCodes.Done;
        }
        finally
        {
            cameras.ForEach(camera => camera.Dispose());
        }
    }

    private static IPEndPoint Endpoint(IPEndPoint first, int index) => new(first.Address, first.Port == 0 ? 0 : first.Port + index);
}
