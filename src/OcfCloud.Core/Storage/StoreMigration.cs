using Microsoft.EntityFrameworkCore;

namespace OcfCloud.Core.Storage;

/// <summary>Brings the store to the model of this release.</summary>
public sealed class StoreMigration
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(100);

    // A migration may rewrite large tables.
    private static readonly TimeSpan StatementTimeout = TimeSpan.FromHours(1);

    // The errno of a file that another process holds: EAGAIN of Linux and of macOS; or Windows' sharing violation.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private readonly Store _store;
    private readonly StoreOptions _options;
    private readonly TimeProvider _time;

    internal StoreMigration(Store store, StoreOptions options, TimeProvider time)
    {
        _store = store;
        _options = options;
        _time = time;
    }

    /// <summary>Makes the data directory where it is missing, takes the exclusive <c>migrate.lock</c> in it, removes what a killed migration left, and migrates.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        // What is in there is for this process's user alone.
        if (OperatingSystem.IsWindows()) System.IO.Directory.CreateDirectory(_options.DataDirectory);
        else System.IO.Directory.CreateDirectory(_options.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await using var held = await LockAsync(Path.Combine(_options.DataDirectory, "migrate.lock"), cancellationToken);
        try
        {
            await using var context = _store.CreateContext();
            context.Database.SetCommandTimeout(StatementTimeout);
            await using var alone = await _store.Dialect.PrepareMigrationAsync(context, cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
        }
        catch (Exception e) when (_store.Dialect.Judge(e) != StoreTrouble.None)
        {
            throw new StoreUnavailableException("The store does not answer.", e);
        }
    }

    // The operating system gives the lock back when its holder is killed.
    private async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (HeldByAnother.Contains(e.HResult))
            {
                await Task.Delay(RetryPeriod, _time, cancellationToken);
            }
        }
    }
}
