namespace OcfCloud.Coap.Tests.Support;

/// <summary>
/// One end of an in-memory connection that is as strict as a TLS stream: it refuses two writes at once, and each write is a record of its own that can be
/// looked at.
/// </summary>
internal sealed class DuplexStream : Stream
{
    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _incoming = new();
    private readonly List<byte[]> _writes = [];
    private DuplexStream _peer = null!;
    private int _offset;
    private bool _ended;
    private int _writing;
    private TaskCompletionSource _arrived = NewSignal();
    private TaskCompletionSource? _paused;

    /// <summary>What this end wrote, a record each.</summary>
    public IReadOnlyList<byte[]> Writes
    {
        get
        {
            lock (_lock)
                return [.. _writes];
        }
    }

    /// <summary>Everything that came was read.</summary>
    public bool AllRead
    {
        get
        {
            lock (_lock)
                return _incoming.Count == 0;
        }
    }

    /// <summary>Whether a read without a buffer waits for bytes, as it does on sockets and TLS; else it returns at once.</summary>
    public bool WaitsWithoutBuffer { get; set; } = true;

    /// <summary>Writes of this end fail from now on.</summary>
    public Exception? WriteFailure { get; set; }

    /// <summary>Whether this end was disposed.</summary>
    public bool IsDisposed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Two ends of one connection.</summary>
    public static (DuplexStream One, DuplexStream Other) Pair()
    {
        var (one, other) = (new DuplexStream(), new DuplexStream());
        (one._peer, other._peer) = (other, one);
        return (one, other);
    }

    /// <summary>Writes of this end wait until <see cref="Resume"/>: the peer does not read.</summary>
    public void Pause() => _paused ??= NewSignal();

    public void Resume()
    {
        var paused = _paused;
        _paused = null;
        paused?.TrySetResult();
    }

    /// <summary>The peer reads the end of the stream after what was written.</summary>
    public void EndWriting() => _peer.Arrive(null);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task arrived;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(IsDisposed, this);
                if (buffer.IsEmpty && (!WaitsWithoutBuffer || _incoming.Count > 0))
                    return 0;
                if (_incoming.TryPeek(out var next))
                {
                    var count = Math.Min(buffer.Length, next.Length - _offset);
                    next.AsSpan(_offset, count).CopyTo(buffer.Span);
                    _offset += count;
                    if (_offset == next.Length)
                    {
                        _incoming.Dequeue();
                        _offset = 0;
                    }

                    return count;
                }

                if (_ended)
                    return 0;
                arrived = _arrived.Task;
            }

            await arrived.WaitAsync(cancellationToken);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _writing, 1) != 0)
            throw new NotSupportedException("two writes at once");
        try
        {
            if (_paused is { } paused)
                await paused.Task.WaitAsync(cancellationToken);
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            if (WriteFailure is { } failure)
                throw failure;
            var record = buffer.ToArray();
            lock (_lock)
                _writes.Add(record);
            _peer.Arrive(record);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    public override void Flush()
    {
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !IsDisposed)
        {
            lock (_lock)
                IsDisposed = true;
            EndWriting();
            Arrive(null);
            Resume();
        }

        base.Dispose(disposing);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Arrive(byte[]? bytes)
    {
        TaskCompletionSource arrived;
        lock (_lock)
        {
            if (bytes is null)
                _ended = true;
            else if (bytes.Length > 0)
                _incoming.Enqueue(bytes);
            arrived = _arrived;
            _arrived = NewSignal();
        }

        arrived.TrySetResult();
    }
}
