namespace OcfCloud.EndToEnd.Readme;

/// <summary>What a reader of a Markdown text types: the lines of its fenced <c>sh</c> blocks.</summary>
internal static class ReadmeCommands
{
    private const string Fence = "```";

    /// <summary>The commands in their order; a line that ends in a backslash goes on with the next one, comments and a leading prompt are not typed.</summary>
    /// <exception cref="FormatException">A block has no end.</exception>
    public static IReadOnlyList<string> Of(string markdown)
    {
        var commands = new List<string>();
        string? language = null;
        var begun = string.Empty;
        foreach (var line in markdown.Split('\n').Select(l => l.Trim()))
        {
            if (line.StartsWith(Fence, StringComparison.Ordinal))
            {
                language = language is null ? line[Fence.Length..].Trim() : null;
                continue;
            }

            if (language is not ("sh" or "bash" or "shell"))
            {
                continue;
            }

            if (line.EndsWith('\\'))
            {
                begun += line[..^1].TrimEnd() + " ";
                continue;
            }

            var command = WithoutComment(begun + line);
            begun = string.Empty;
            if (command.Length > 0)
            {
                commands.Add(command.StartsWith("$ ", StringComparison.Ordinal) ? command[2..] : command);
            }
        }

        return language is null ? commands : throw new FormatException("A fenced block has no end.");
    }

    // A comment begins with a # at the begin of a word that no quote holds.
    private static string WithoutComment(string line)
    {
        char? quote = null;
        for (var i = 0; i < line.Length; i++)
        {
            if (quote is null && line[i] == '#' && (i == 0 || line[i - 1] == ' '))
            {
                return line[..i].Trim();
            }

            if (line[i] is '\'' or '"' && (quote is null || quote == line[i]))
            {
                quote = quote is null ? line[i] : null;
            }
        }

        return line.Trim();
    }
}
