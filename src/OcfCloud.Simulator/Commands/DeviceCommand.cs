using System.CommandLine;
using System.Net;
using OcfCloud.Simulator.Devices;

namespace OcfCloud.Simulator.Commands;

/// <summary><c>device light|sensor|switch</c>: simulated devices that live until they are told to stop.</summary>
internal static class DeviceCommand
{
    private const int MostDevices = 10_000;

    /// <summary>Describes the command.</summary>
    public static Command Describe(CommandContext context)
    {
        var kind = new Argument<string>("KIND") { Description = "light, sensor or switch" };
        kind.AcceptOnlyFromAmong("light", "sensor", "switch");
        var count = new Option<int>("--count") { Description = "How many [1]", HelpName = "N", DefaultValueFactory = _ => 1 };
        var listen = new Option<string?>("--listen")
        {
            Description = "Serve a local endpoint there and wait for a mediator; port 0 = any, of several devices each the next one",
            HelpName = "ADDRESS:PORT",
        };
        var command = new Command("device", "Runs simulated devices until Ctrl-C.") { kind, count, listen };
        command.SetAction((parsed, cancellation) => RunAsync(
            context,
            context.Surroundings(parsed),
            Enum.Parse<DeviceKind>(parsed.GetValue(kind)!, ignoreCase: true),
            parsed.GetValue(count),
            parsed.GetValue(listen),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        CommandContext context, Surroundings surroundings, DeviceKind kind, int count, string? listen, CancellationToken cancellationToken)
    {
        if (count is < 1 or > MostDevices)
            throw CommandFailedException.WrongUsage($"--count: {count} is not within 1 to {MostDevices}.");
        if (count > 1 && surroundings.HasOwnCertificate)
            throw CommandFailedException.WrongUsage("--cert is the certificate of one device; --count makes several.");
        var first = listen is null ? null : ParseEndpoint(listen, count);

        var devices = new List<RunningDevice>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var endpoint = first is null ? null : new IPEndPoint(first.Address, first.Port == 0 ? 0 : first.Port + i);
                devices.Add(RunningDevice.Open(kind, endpoint, surroundings, context));
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var running = devices.Select(device => device.RunAsync(stop.Token)).ToList();
            try
            {
                await WhenAllOrFirstFailureAsync(running);
            }
            finally
            {
                await stop.CancelAsync();
                await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            // Told to stop, or nobody is left who could ever be in the cloud again.
            return cancellationToken.IsCancellationRequested ? ExitCodes.Done : ExitCodes.Failed;
        }
        finally
        {
            foreach (var device in devices)
                await device.DisposeAsync();
        }
    }

    private static async Task WhenAllOrFirstFailureAsync(List<Task> running)
    {
        var left = running.ToList();
        while (left.Count > 0)
        {
            var ended = await Task.WhenAny(left);
            left.Remove(ended);
            await ended;
        }
    }

    private static IPEndPoint ParseEndpoint(string text, int count)
    {
        if (!IPEndPoint.TryParse(text, out var endpoint) || !text.EndsWith($":{endpoint.Port}", StringComparison.Ordinal))
            throw CommandFailedException.WrongUsage($"--listen: \"{text}\" is no ADDRESS:PORT.");
        if (endpoint.Port != 0 && endpoint.Port + count - 1 > IPEndPoint.MaxPort)
            throw CommandFailedException.WrongUsage($"--listen: {count} ports from {endpoint.Port} on go beyond {IPEndPoint.MaxPort}.");
        return endpoint;
    }
}
