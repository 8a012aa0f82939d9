using System.CommandLine;
using OcfCloud.Host.Settings;

namespace OcfCloud.Host.Commands;

/// <summary>What every command has: settings, the console, <c>--json</c>.</summary>
internal sealed class CommandScope(SettingsSource source, CommandConsole console)
{
    public SettingsSource Source { get; } = source;

    public CommandConsole Console { get; } = console;

    public Option<bool> Json { get; } = new("--json") { Description = "The last line of the output is one JSON value.", Recursive = true };

    /// <summary>Makes a command whose work may end by an exception that <see cref="CommandLine"/> turns into a sentence and an exit code.</summary>
    public Command Describe(string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, CommandOutput, CancellationToken, Task> work)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.SetAction(async (parsed, cancellation) =>
        {
            // A typing error in a key would silently choose another store.
            Source.RefuseUnknownKeys();
            await work(parsed, new CommandOutput(Console.Output, parsed.GetValue(Json)), cancellation);
            return 0;
        });
        return command;
    }

    /// <summary>A command that only holds others.</summary>
    public static Command Group(string name, string description, params IEnumerable<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
        {
            group.Subcommands.Add(command);
        }

        return group;
    }
}
