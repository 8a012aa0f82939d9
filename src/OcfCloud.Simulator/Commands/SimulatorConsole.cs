using Spectre.Console;

namespace OcfCloud.Simulator.Commands;

/// <summary>Where a command writes. Lines of several devices come whole.</summary>
internal sealed class SimulatorConsole
{
    // Wide enough that nothing is wrapped where nobody's screen limits it.
    private const int Unlimited = 10_000;
    private readonly IAnsiConsole _tables;

    /// <summary>Writes to the given writers.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="isTerminal">A person looks at it: tables may have colours and are made to fit. Else no escape code is written.</param>
    public SimulatorConsole(TextWriter output, TextWriter error, bool isTerminal)
    {
        IsTerminal = isTerminal;
        Output = TextWriter.Synchronized(output);
        Error = TextWriter.Synchronized(error);
        _tables = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Output),
        });
        if (!isTerminal)
            _tables.Profile.Width = Unlimited;
    }

    /// <summary>The console of the process.</summary>
    public static SimulatorConsole System => new(Console.Out, Console.Error, isTerminal: !Console.IsOutputRedirected);

    /// <summary>Whether a person looks at it.</summary>
    public bool IsTerminal { get; }

    /// <summary>Standard output.</summary>
    public TextWriter Output { get; }

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; }

    /// <summary>Writes a table.</summary>
    /// <param name="columns">Its headings.</param>
    /// <param name="rows">Its rows, each with a text for each column.</param>
    public void WriteTable(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))).NoWrap());
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        _tables.Write(table);
    }
}
