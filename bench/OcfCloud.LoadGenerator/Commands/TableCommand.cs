using System.CommandLine;
using OcfCloud.LoadGenerator.Comparison;

namespace OcfCloud.LoadGenerator.Commands;

/// <summary><c>table</c>: what several runs came to, as a table in a file.</summary>
internal static class TableCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Describe()
    {
        var results = new Option<FileInfo>("--results") { Description = "The lines of JSON that the runs wrote", HelpName = "FILE", Required = true };
        var into = new Option<FileInfo?>("--into") { Description = "Markdown whose marked section becomes the table [only printed]", HelpName = "FILE" };
        var command = new Command("table", "Medians of several runs, their ratios and what they have to be.") { results, into };
        command.SetAction(async (parsed, cancellation) =>
        {
            var table = ComparisonTable.Of(await File.ReadAllLinesAsync(parsed.GetValue(results)!.FullName, cancellation));
            await Console.Out.WriteLineAsync(table);
            if (parsed.GetValue(into) is { } file)
                MarkedSection.Replace(file.FullName, table);
            return ExitCodes.Done;
        });
        return command;
    }
}
