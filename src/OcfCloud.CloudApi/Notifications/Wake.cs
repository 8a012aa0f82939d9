using System.Threading.Channels;

namespace OcfCloud.CloudApi.Notifications;

/// <summary>Wakes one waiting loop; several wakes before it looks count as one.</summary>
internal sealed class Wake
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>Waits for a wake, at most that long.</summary>
    /// <exception cref="OperationCanceledException">The caller's token.</exception>
    public async Task WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await _set.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Slept long enough.
        }
    }
}
