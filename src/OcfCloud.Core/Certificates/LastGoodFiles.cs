namespace OcfCloud.Core.Certificates;

/// <summary>
/// What the configured files say, each at its last good content: a file that is half written or badly signed goes on saying what it said before. A file that
/// leaves its folder says nothing more; a configured path at which nothing is (an unmounted volume) takes nothing back.
/// </summary>
/// <param name="paths">Files and folders.</param>
/// <param name="read">Reads a file's content; throws <see cref="UnusableFileException"/>.</param>
public sealed class LastGoodFiles<T>(IReadOnlyList<string> paths, Func<byte[], T> read)
    where T : class
{
    private readonly WatchedFiles _files = new(paths);
    private Dictionary<string, (int Setting, T Value)> _good = new(StringComparer.Ordinal);

    /// <summary>Whether a file has another content than when it was read.</summary>
    public bool HaveChanged() => _files.HaveChanged();

    /// <summary>Reads all files.</summary>
    /// <param name="refused">Called for each that cannot be used, and told whether a former content of it stays.</param>
    /// <param name="missing">Called with the index of each configured path where nothing is.</param>
    public IReadOnlyCollection<T> Read(Action<WatchedFile, UnusableFileException, bool> refused, Action<int> missing)
    {
        var next = new Dictionary<string, (int Setting, T Value)>(StringComparer.Ordinal);
        var files = _files.Read(out var absent);
        foreach (var file in files)
        {
            try
            {
                next[file.Path] = (file.Setting, read(file.Content ?? throw new UnusableFileException("cannot be read")));
            }
            catch (UnusableFileException e)
            {
                var stays = _good.TryGetValue(file.Path, out var last);
                if (stays) next[file.Path] = last;
                refused(file, e, stays);
            }
        }

        foreach (var setting in absent)
        {
            missing(setting);
            foreach (var (path, good) in _good)
            {
                if (good.Setting == setting) next.TryAdd(path, good);
            }
        }
        _good = next;
        return [.. next.Values.Select(good => good.Value)];
    }
}
