namespace OcfCloud.Identity;

/// <summary>One reading for all who want it while it runs. It fails for all of them: behind a store that does not answer nobody waits for the others' turns.</summary>
/// <param name="read">The reading; no caller's end cancels it.</param>
internal sealed class SharedRead<T>(Func<Task<T>> read)
{
    private readonly Lock _lock = new();
    private Task<T>? _running;

    /// <summary>The result of the reading that runs, or of one that begins now.</summary>
    public Task<T> JoinAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_running is null or { IsCompleted: true }) _running = read();
            return _running.WaitAsync(cancellationToken);
        }
    }
}
