using System.Text;

namespace OcfCloud.Host.Files;

/// <summary>Writes files so that a reader sees the old or the new one, never half of one.</summary>
internal static class AtomicFile
{
    private const UnixFileMode OwnerAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerAlone | UnixFileMode.UserExecute;

    /// <summary>Writes a file that everybody may read.</summary>
    public static void Write(string path, string text) => Write(path, text, mode: null);

    /// <summary>Writes a file that its owner alone may read (mode 0600), from its first byte on.</summary>
    public static void WriteSecret(string path, string text) => Write(path, text, OwnerAlone);

    /// <summary>Makes a file that its owner alone may read, by somebody who fills an empty one; it has its name when it is whole and on the disk.</summary>
    /// <exception cref="IOException">There is a file already, or none can be made.</exception>
    public static void MakeSecret(string path, Action<string> fill)
    {
        if (File.Exists(path))
        {
            throw new IOException($"There is a {path} already.");
        }

        var fresh = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            EnsureSecret(fresh);
            fill(fresh);
            using (var written = new FileStream(fresh, FileMode.Open, FileAccess.ReadWrite))
            {
                written.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: false);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }

    /// <summary>Makes an empty file that its owner alone may read, where there is none.</summary>
    public static void EnsureSecret(string path)
    {
        if (!File.Exists(path))
        {
            using var file = new FileStream(path, OptionsOf(FileMode.OpenOrCreate, OwnerAlone));
        }
    }

    /// <summary>Makes a folder whose content its owner alone may list (mode 0700), where there is none.</summary>
    public static void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerFolder);
        }
    }

    private static void Write(string path, string text, UnixFileMode? mode)
    {
        var options = OptionsOf(FileMode.CreateNew, mode);
        var fresh = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(fresh, options))
            {
                stream.Write(Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }
        catch
        {
            File.Delete(fresh);
            throw;
        }
    }

    private static FileStreamOptions OptionsOf(FileMode creation, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = creation, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (mode is { } unixMode && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = unixMode;
        }

        return options;
    }
}
