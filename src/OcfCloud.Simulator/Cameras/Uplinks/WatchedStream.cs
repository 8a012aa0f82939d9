namespace OcfCloud.Simulator.Cameras.Uplinks;

/// <summary>
/// The connection to a remote client, watched: when nothing is received for too long, it is closed (ONVIF Uplink, 5: "shall close and reconnect").
/// </summary>
internal sealed class WatchedStream : Stream
{
    private readonly Stream _inner;
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _spoke = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;
    private int _disposed;

    /// <summary>Watches a connection.</summary>
    /// <param name="inner">The connection, which belongs to this object from now on.</param>
    /// <param name="limit">The longest silence.</param>
    /// <param name="time">The clock.</param>
    public WatchedStream(Stream inner, TimeSpan limit, TimeProvider time)
    {
        (_inner, _limit, _time) = (inner, limit, time);
        _last = time.GetTimestamp();
        _timer = time.CreateTimer(static self => ((WatchedStream)self!).Look(), this, limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ended because nothing was received.</summary>
    public bool WasSilent { get; private set; }

    /// <summary>Ends with the first bytes that are received after <see cref="Listen"/>.</summary>
    public Task Spoke => _spoke.Task;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool IsListening { get; set; }

    /// <summary>The connection is upgraded: what comes from now on is the remote client speaking.</summary>
    public void Listen() => IsListening = true;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await _inner.ReadAsync(buffer, cancellationToken);
        if (count > 0)
        {
            Volatile.Write(ref _last, _time.GetTimestamp());
            if (IsListening)
                _spoke.TrySetResult();
        }

        return count;
    }

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _inner.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => _inner.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _timer.Dispose();
            _spoke.TrySetCanceled();
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    // One timer for each silence and not one for each read: it looks what is left of the limit.
    private void Look()
    {
        var left = _limit - _time.GetElapsedTime(Volatile.Read(ref _last));
        if (left > TimeSpan.Zero)
        {
            _timer.Change(left, Timeout.InfiniteTimeSpan);
            return;
        }

        WasSilent = true;
        Dispose();
    }
}
