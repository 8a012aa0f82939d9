namespace OcfCloud.LoadGenerator.Comparison;

/// <summary>The part of a Markdown file between two comments.</summary>
internal static class MarkedSection
{
    private const string Begin = "<!-- compare.sh writes from here -->";
    private const string End = "<!-- to here -->";

    /// <summary>Puts a text into it.</summary>
    /// <exception cref="LoadException">The file has no such part.</exception>
    public static void Replace(string path, string text)
    {
        var file = File.ReadAllText(path);
        var begin = file.IndexOf(Begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : file.IndexOf(End, begin, StringComparison.Ordinal);
        if (end < 0)
            throw new LoadException($"{path} has no lines \"{Begin}\" and \"{End}\" to write between");
        File.WriteAllText(path, $"{file[..(begin + Begin.Length)]}\n\n{text.TrimEnd()}\n\n{file[end..]}");
    }
}
