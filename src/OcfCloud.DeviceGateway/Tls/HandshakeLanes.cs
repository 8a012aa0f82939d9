using System.Collections.Concurrent;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>
/// Lets few handshakes work at once, however many there are: a storm of reconnects must not starve the live connections.
/// <code>
///   ClientHello has come ──► waiting ──► a lane runs what follows, up to the next wait for the peer ──► the lane goes to the end of the pool's queue
/// </code>
/// What follows runs inside the lane's call because the turn's continuation is not queued. So a lane is taken while the processor works and never while a peer
/// is waited for; and since it queues behind all that is ready meanwhile (frames of live connections, the second halves of handshakes), no more handshakes are
/// begun than are finished.
/// </summary>
internal sealed class HandshakeLanes(int lanes) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<TaskCompletionSource> _waiting = new();
    private int _free = Math.Max(1, lanes);

    /// <summary>Waits for a lane.</summary>
    /// <param name="cancellation">The handshake's deadline.</param>
    public async ValueTask EnterAsync(CancellationToken cancellation)
    {
        // Without RunContinuationsAsynchronously, on purpose: see above.
        var turn = new TaskCompletionSource();
        using (cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn))
        {
            _waiting.Enqueue(turn);
            OpenLane();
            await turn.Task.ConfigureAwait(false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_waiting.TryDequeue(out var turn)) turn.TrySetResult();
        Interlocked.Increment(ref _free);
        OpenLane();
    }

    private void OpenLane()
    {
        if (_waiting.IsEmpty) return;
        int free;
        do
        {
            free = Volatile.Read(ref _free);
            if (free == 0) return;
        }
        while (Interlocked.CompareExchange(ref _free, free - 1, free) != free);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
