using System.Security.Cryptography;
using System.Text;

namespace OcfCloud.Core.Certificates;

/// <summary>
/// Configured files and folders, read whole. What counts for a change is the content, not the time: a folder that is swapped by a symbolic link, a restored
/// backup and two writes within one tick of the clock are all seen. Hidden entries are left out: mounted volumes keep their former versions there.
/// </summary>
/// <param name="paths">Files and folders.</param>
public sealed class WatchedFiles(IReadOnlyList<string> paths)
{
    private Sha256Digest _read;

    /// <summary>Whether the files have another content than at the last <see cref="Read"/>. Keeps none of it in memory.</summary>
    public bool HaveChanged()
    {
        using var fingerprint = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var (path, _, _) in Enumerate(out _))
        {
            try
            {
                using var stream = File.OpenRead(path);
                SHA256.HashData(stream, hash);
                Append(fingerprint, path, hash);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Append(fingerprint, path, []);
            }
        }
        return Finish(fingerprint) != _read;
    }

    /// <summary>Reads them all and remembers their content's fingerprint.</summary>
    /// <param name="missing">The indices of configured paths where nothing is.</param>
    public IReadOnlyList<WatchedFile> Read(out IReadOnlyList<int> missing)
    {
        using var fingerprint = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = new List<WatchedFile>();
        foreach (var (path, setting, isNamed) in Enumerate(out missing))
        {
            var content = TryRead(path);
            files.Add(new WatchedFile(path, setting, isNamed, content));
            Append(fingerprint, path, content is null ? [] : SHA256.HashData(content));
        }
        _read = Finish(fingerprint);
        return files;
    }

    private List<(string Path, int Setting, bool IsNamed)> Enumerate(out IReadOnlyList<int> missing)
    {
        var files = new List<(string, int, bool)>();
        var absent = new List<int>();
        for (var i = 0; i < paths.Count; i++)
        {
            if (File.Exists(paths[i])) files.Add((paths[i], i, true));
            else if (!TryList(paths[i], i, files)) absent.Add(i);
        }
        missing = absent;
        return files;
    }

    private static bool TryList(string folder, int setting, List<(string, int, bool)> files)
    {
        try
        {
            foreach (var path in System.IO.Directory.GetFiles(folder).Order(StringComparer.Ordinal))
            {
                if (!Path.GetFileName(path).StartsWith('.')) files.Add((path, setting, false));
            }
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static byte[]? TryRead(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void Append(IncrementalHash fingerprint, string path, ReadOnlySpan<byte> hash)
    {
        // Zero bytes occur in no path: no two lists of files have one fingerprint.
        fingerprint.AppendData(Encoding.UTF8.GetBytes(path));
        fingerprint.AppendData([0, (byte)hash.Length]);
        fingerprint.AppendData(hash);
    }

    private static Sha256Digest Finish(IncrementalHash fingerprint)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        fingerprint.GetCurrentHash(hash);
        return Sha256Digest.From(hash);
    }
}
