namespace OcfCloud.Host.Commands;

/// <summary>Where a command reads and writes.</summary>
internal sealed record CommandConsole(TextReader Input, TextWriter Output, TextWriter Error)
{
    public static CommandConsole System { get; } = new(global::System.Console.In, global::System.Console.Out, global::System.Console.Error);
}
