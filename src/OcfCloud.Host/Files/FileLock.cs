namespace OcfCloud.Host.Files;

/// <summary>A lock between processes: held while its file is open, freed by the system when the process ends in whatever way.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes the lock, or gives null where another process has it.</summary>
    public static IDisposable? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Waits for the lock.</summary>
    public static async Task<IDisposable> TakeAsync(string path, TimeProvider time, CancellationToken cancellation)
    {
        while (true)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            await Task.Delay(Retry, time, cancellation);
        }
    }
}
