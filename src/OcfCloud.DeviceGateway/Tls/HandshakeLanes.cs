using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace OcfCloud.DeviceGateway.Tls;

/// <summary>
/// Lets few handshakes work at once, however many there are: a storm of reconnects must not starve the live connections.
/// <code>
///   ClientHello has come ──► waiting, a queue an address ──► a lane runs what follows, up to the next wait for the peer ──► the lane goes to the end of the pool's queue
/// </code>
/// What follows runs inside the lane's call because the turn's continuation is not queued. So a lane is taken while the processor works and never while a peer
/// is waited for; and since it queues behind all that is ready meanwhile (frames of live connections, the second halves of handshakes), no more handshakes are
/// begun than are finished. Addresses take turns: one that opens thousands of connections waits for itself, not the others for it.
/// </summary>
internal sealed class HandshakeLanes(int lanes) : IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly FairQueue<TaskCompletionSource> _waiting = new();
    private int _free = Math.Max(1, lanes);

    /// <summary>Waits for a lane.</summary>
    /// <param name="network">Whose handshake it is.</param>
    /// <param name="cancellation">The handshake's deadline.</param>
    public async ValueTask EnterAsync(IPAddress network, CancellationToken cancellation)
    {
        // Without RunContinuationsAsynchronously, on purpose: see above.
        var turn = new TaskCompletionSource();
        using (cancellation.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), turn))
        {
            bool opens;
            lock (_lock)
            {
                _waiting.Enqueue(network, turn);
                opens = TryOpenLane();
            }

            if (opens) RunLane();
            await turn.Task.ConfigureAwait(false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (TryNext(out var turn))
        {
            // One that was given up meanwhile takes no turn.
            if (turn.TrySetResult()) break;
        }

        bool opens;
        lock (_lock)
        {
            _free++;
            opens = TryOpenLane();
        }

        if (opens) RunLane();
    }

    private bool TryNext([MaybeNullWhen(false)] out TaskCompletionSource turn)
    {
        lock (_lock)
            return _waiting.TryDequeue(out turn);
    }

    // Under the lock.
    private bool TryOpenLane()
    {
        if (_waiting.IsEmpty || _free == 0) return false;
        _free--;
        return true;
    }

    private void RunLane() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
}
