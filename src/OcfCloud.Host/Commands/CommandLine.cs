using System.CommandLine;
using System.Security.Cryptography;
using OcfCloud.Core.Storage;
using OcfCloud.Host.Composition;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Commands;

/// <summary>The executable's command line: the host without a command, administrative commands with one.</summary>
internal static class CommandLine
{
    private const int Refused = 1;
    private const int WrongUsage = 2;

    /// <summary>Does what the arguments say.</summary>
    /// <returns>0 done, 1 refused or failed, 2 wrong usage.</returns>
    public static Task<int> RunAsync(string[] arguments, CommandConsole console) =>
        RunAsync(arguments, console, SettingsSource.Load, CancellationToken.None);

    /// <summary>Does what the arguments say, with settings from elsewhere than this process's environment; cancellation stops the host.</summary>
    public static async Task<int> RunAsync(
        string[] arguments, CommandConsole console, Func<IReadOnlyDictionary<string, string?>, SettingsSource> load, CancellationToken cancellation)
    {
        if (!SettingArguments.Split(arguments, out var settings, out var rest, out var misused))
        {
            await console.Error.WriteLineAsync($"{misused} has no value: a setting is given as --Key=value.");
            return WrongUsage;
        }

        try
        {
            // No response files: a password may begin with @.
            var parsed = Describe(load(settings), console).Parse(rest, new ParserConfiguration { ResponseFileTokenReplacer = null });
            return parsed.Errors.Count == 0
                ? await InvokeAsync(parsed, console, cancellation)
                : throw new UsageException(string.Join(' ', parsed.Errors.Select(error => error.Message)));
        }
        catch (UsageException e)
        {
            await console.Error.WriteLineAsync(e.Message.ReplaceLineEndings(" "));
            return WrongUsage;
        }
        catch (Exception e) when (e is SettingException or CommandRefusedException or StoreUnavailableException or IOException or UnauthorizedAccessException or CryptographicException)
        {
            await console.Error.WriteLineAsync(e.Message.ReplaceLineEndings(" "));
            return Refused;
        }
    }

    private static RootCommand Describe(SettingsSource source, CommandConsole console)
    {
        var root = new RootCommand("OcfCloud: an OCF Cloud. Without a command it runs the cloud. Settings are given as --OcfCloud:Key=value.");
        root.SetAction((_, cancellation) => CloudHost.RunAsync(source, console.Output, cancellation));
        var scope = new CommandScope(source, console);
        root.Options.Add(scope.Json);
        root.Subcommands.Add(UserCommands.Describe(scope));
        root.Subcommands.Add(TokenCommands.Describe(scope));
        root.Subcommands.Add(PkiCommands.Describe(scope));
        root.Subcommands.Add(DeviceCommands.Describe(scope));
        root.Subcommands.Add(ClientCommands.Describe(scope));
        root.Subcommands.Add(CloudCommands.Describe(scope));
        root.Subcommands.Add(BackupCommand.Describe(scope));
        root.Subcommands.Add(CameraCommands.Describe(scope));
        root.Subcommands.Add(FirmwareCommands.Describe(scope));
        root.Subcommands.Add(AuditCommands.Describe(scope));
        return root;
    }

    private static Task<int> InvokeAsync(ParseResult parsed, CommandConsole console, CancellationToken cancellation)
    {
        var invocation = new InvocationConfiguration
        {
            Output = console.Output,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,

            // The host has its own, longer limit.
            ProcessTerminationTimeout = null,
        };
        return parsed.InvokeAsync(invocation, cancellation);
    }
}
