using System.CommandLine;
using System.Security.Cryptography;
using OcfCloud.Simulator.Cameras.Enrolment;
using OcfCloud.Simulator.Cloud;
using OcfCloud.Simulator.LogIn;
using OcfCloud.Simulator.Mediators;

namespace OcfCloud.Simulator.Commands;

/// <summary>The simulator's command line.</summary>
internal static class SimulatorCommandLine
{
    /// <summary>Does what the arguments say.</summary>
    /// <param name="arguments">Of the command line.</param>
    /// <param name="console">Where it writes.</param>
    /// <param name="timing">Waits towards the cloud.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends what runs until it is told to stop.</param>
    /// <returns>0 done, 1 refused or failed, 2 wrong usage.</returns>
    public static async Task<int> RunAsync(
        string[] arguments, SimulatorConsole console, CloudTiming timing, TimeProvider time, CancellationToken cancellationToken)
    {
        // No response files: a value may begin with @.
        var root = Describe(new CommandContext(new SharedOptions(), console, timing, time));
        var parsed = root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            await console.Error.WriteLineAsync(string.Join(' ', parsed.Errors.Select(error => error.Message)));
            return ExitCodes.WrongUsage;
        }

        var invocation = new InvocationConfiguration
        {
            Output = console.Output,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (CommandFailedException e)
        {
            await WriteAsync(e.Message);
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }
        catch (Exception e) when (e is MediatorApiException or LogInFailedException or CloudUnreachableException or ProvisioningException
            or EnrolmentException or IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException or CryptographicException)
        {
            await WriteAsync(e.Message);
            return ExitCodes.Failed;
        }

        Task WriteAsync(string message) => console.Error.WriteLineAsync(message.ReplaceLineEndings(" "));
    }

    private static RootCommand Describe(CommandContext context)
    {
        var root = new RootCommand("Virtual OCF devices, a client, a mediator, ONVIF cameras and a receiver of events; they speak to a cloud over the wire.");
        context.Options.AddTo(root);
        root.Subcommands.Add(DeviceCommand.Describe(context));
        root.Subcommands.Add(ClientCommands.Describe(context));
        root.Subcommands.Add(MediatorCommands.Describe(context));
        root.Subcommands.Add(LogInCommands.DescribeLogIn(context));
        root.Subcommands.Add(LogInCommands.DescribeLogOut(context));
        root.Subcommands.Add(ReceiverCommand.Describe(context));
        root.Subcommands.Add(CameraCommand.Describe(context));
        return root;
    }
}
