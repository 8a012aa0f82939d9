namespace OcfCloud.Fuzzing.Engine;

/// <summary>The kept corpus: a folder a target, a file an input; what once broke something has a name that tells it.</summary>
internal static class Corpus
{
    /// <summary>Where a build puts it.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "corpus");

    /// <summary>The inputs of a folder, each with its name, in order of their names; none where there is no such folder.</summary>
    public static IEnumerable<(string Name, byte[] Input)> Read(string folder) =>
        Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))) : [];
}
