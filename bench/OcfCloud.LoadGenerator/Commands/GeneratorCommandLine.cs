using System.CommandLine;
using System.Security.Cryptography;

namespace OcfCloud.LoadGenerator.Commands;

/// <summary>The generator's command line.</summary>
internal static class GeneratorCommandLine
{
    /// <summary>Does what the arguments say.</summary>
    /// <returns>0 done, 1 failed, 2 wrong usage.</returns>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var parsed = Describe().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            await Console.Error.WriteLineAsync(string.Join(' ', parsed.Errors.Select(error => error.Message)));
            return ExitCodes.WrongUsage;
        }

        try
        {
            var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Failed;
        }
        catch (Exception e) when (e is LoadException or IOException or UnauthorizedAccessException or CryptographicException)
        {
            await Console.Error.WriteLineAsync(e.Message.ReplaceLineEndings(" "));
            return ExitCodes.Failed;
        }
    }

    private static RootCommand Describe()
    {
        var root = new RootCommand(
            "Load for a cloud and its peers. One line of JSON on standard output, one for people on standard error; server processor time is the operating system's.");
        var options = new SharedOptions();
        options.AddTo(root);
        root.Subcommands.Add(RequestsCommand.Describe(options));
        root.Subcommands.Add(RoutedCommand.Describe(options));
        root.Subcommands.Add(RelayCommand.Describe(options));
        root.Subcommands.Add(HandshakesCommand.Describe(options));
        root.Subcommands.Add(IdleCommand.Describe(options));
        root.Subcommands.Add(StormCommand.Describe(options));
        root.Subcommands.Add(GrowthCommand.Describe(options));
        root.Subcommands.Add(TableCommand.Describe());
        return root;
    }
}
