namespace OcfCloud.Simulator.DataFiles;

/// <summary>Files with secrets in them: mode 0600 from the first byte on.</summary>
internal static class PrivateFile
{
    /// <summary>Writes a new file with a name of its own beside <paramref name="path"/>, flushed to the disk.</summary>
    /// <returns>The new file's path, to be moved to its place.</returns>
    public static string WriteBeside(string path, ReadOnlySpan<byte> content)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(temporary, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
        return temporary;
    }

    /// <summary>Replaces a file as a whole.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content) => File.Move(WriteBeside(path, content), path, overwrite: true);
}
