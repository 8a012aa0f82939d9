using System.Threading.Channels;

namespace OcfCloud.Core.Events;

/// <summary>Wakes one waiting loop; several wakes before it looks count as one.</summary>
public class WakeSignal
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Wakes.</summary>
    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>Waits for a wake, at most that long.</summary>
    /// <returns>Whether a wake came.</returns>
    /// <exception cref="OperationCanceledException">The caller's token.</exception>
    public async Task<bool> WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _set.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
