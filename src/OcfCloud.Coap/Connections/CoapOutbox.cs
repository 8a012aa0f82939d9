using System.Buffers;

namespace OcfCloud.Coap;

/// <summary>
/// What waits to go out on one stream: any thread appends under the lock, one flusher at a time swaps the buffer and writes it (SslStream forbids two writes
/// at once). An idle outbox owns no buffer; a full one refuses.
/// </summary>
/// <param name="stream">Written by nobody else.</param>
/// <param name="maxBytes">More than that does not wait here.</param>
/// <param name="threshold">What <see cref="WhenBelowThresholdAsync"/> waits for, in bytes.</param>
/// <param name="onBroken">The stream failed.</param>
internal sealed class CoapOutbox(Stream stream, int maxBytes, int threshold, Action onBroken)
{
    private const int FirstBuffer = 2048;

    // What one write takes at most, in bytes: two records of TLS. A slow link is seen to take them one by one.
    private const int MaxWrite = 32_768;

    // Writes that a flush does itself.
    private const int MaxWritesInRow = 16;

    private const long NotWriting = long.MaxValue;

    private readonly Lock _lock = new();
    private byte[]? _filling;
    private int _filled;
    private int _writing;
    private bool _flushing;
    private bool _closed;
    private bool _broken;
    private TaskCompletionSource? _drained;
    private TaskCompletionSource? _below;

    // Of the flusher alone: what it writes, and how much of that is out.
    private byte[]? _outgoing;
    private int _out;
    private int _messageRest;
    private int _writes;

    // Of whoever asks IsStalled: what it saw last, and since when in milliseconds.
    private int _seenWrites;
    private long _seenSince = NotWriting;

    /// <summary>Several messages may share one write.</summary>
    public bool MayCoalesce { get; set; }

    /// <summary>Bytes appended and not yet written.</summary>
    public int PendingBytes
    {
        get
        {
            lock (_lock)
                return _filled + _writing;
        }
    }

    /// <summary>Appends a message. It goes out with the batch, or with the next <see cref="Flush"/>.</summary>
    public CoapSendStatus Append<T>(in T source)
        where T : ICoapFrameSource, allows ref struct
    {
        var room = source.MaxSize;
        lock (_lock)
        {
            if (_closed)
                return CoapSendStatus.Closed;
            // A single message larger than the limit still passes through an empty outbox.
            if (_filled + _writing > 0 && (long)_filled + _writing + room > maxBytes)
                return CoapSendStatus.Full;
            Reserve(room);
            _filled += source.Write(_filling.AsSpan(_filled, room));
            return CoapSendStatus.Sent;
        }
    }

    /// <summary>Starts writing what was appended, unless someone writes already, who will then write that too.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_flushing || _filled == 0 || _broken)
                return;
            _flushing = true;
        }

        // Mostly the stream takes everything at once: then no task is made.
        try
        {
            for (var inRow = 1; TryNext(out var next); inRow++)
            {
                var write = stream.WriteAsync(next);
                if (!write.IsCompletedSuccessfully || inRow == MaxWritesInRow)
                {
                    _ = WriteRestAsync(write);
                    return;
                }

#pragma warning disable VSTHRD002 // It is complete; asking for the result gives a pooled source back.
                write.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            }
        }
        catch (Exception)
        {
            Break();
        }
    }

    /// <summary>Completes when everything appended so far was written, or the stream broke.</summary>
    public Task WhenDrainedAsync()
    {
        lock (_lock)
        {
            if (_filled + _writing == 0 || _broken)
                return Task.CompletedTask;
            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    /// <summary>Completes when no more than the threshold waits, or the stream broke.</summary>
    public Task WhenBelowThresholdAsync()
    {
        lock (_lock)
        {
            if (_filled + _writing <= threshold || _broken)
                return Task.CompletedTask;
            _below ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _below.Task;
        }
    }

    /// <summary>Whether one write waits for the peer for so long already; asked about once a second, by one caller at a time.</summary>
    /// <param name="now">In milliseconds.</param>
    /// <param name="most">How long it may, in milliseconds, from when it was first seen.</param>
    public bool IsStalled(long now, long most)
    {
        lock (_lock)
        {
            if (!_flushing)
            {
                _seenSince = NotWriting;
                return false;
            }
        }

        var writes = Volatile.Read(ref _writes);
        if (_seenSince == NotWriting || writes != _seenWrites)
            (_seenWrites, _seenSince) = (writes, now);
        return now - _seenSince >= most;
    }

    /// <summary>Takes no more messages; what is there may still go out.</summary>
    public void Close()
    {
        lock (_lock)
            _closed = true;
    }

    private static void Complete(ref TaskCompletionSource? waiting)
    {
        waiting?.TrySetResult();
        waiting = null;
    }

    private void Reserve(int room)
    {
        if (_filling is null)
        {
            _filling = ArrayPool<byte>.Shared.Rent(Math.Max(room, FirstBuffer));
            return;
        }

        if (_filling.Length - _filled >= room)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_filling.Length * 2, _filled + room));
        _filling.AsSpan(0, _filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_filling);
        _filling = larger;
    }

    // What to write next: all there is, or one message where the peer wants them one by one. False: nothing, and the flusher is done.
    private bool TryNext(out ReadOnlyMemory<byte> next)
    {
        if (_out == _writing && !TrySwap())
        {
            next = default;
            return false;
        }

        var rest = _outgoing.AsMemory(_out, _writing - _out);
        if (!MayCoalesce)
        {
            if (_messageRest == 0)
                _ = CoapFrameReader.ReadLength(rest.Span, int.MaxValue, out _, out _messageRest);
            rest = rest[..Math.Min(_messageRest, MaxWrite)];
            _messageRest -= rest.Length;
        }

        if (rest.Length > MaxWrite)
            rest = rest[..MaxWrite];
        _out += rest.Length;
        Volatile.Write(ref _writes, _writes + 1);
        next = rest;
        return true;
    }

    private bool TrySwap()
    {
        lock (_lock)
        {
            if (_outgoing is not null)
                ArrayPool<byte>.Shared.Return(_outgoing);
            (_outgoing, _out, _writing) = (_filling, 0, _filled);
            (_filling, _filled) = (null, 0);
            if (_writing <= threshold)
                Complete(ref _below);
            if (_outgoing is not null)
                return true;
            _flushing = false;
            Complete(ref _drained);
            return false;
        }
    }

    private async Task WriteRestAsync(ValueTask write)
    {
        try
        {
            await write;
            // How much there is nobody knows: not on the thread of whoever flushed, or of whom the stream calls.
            await Task.Yield();
            while (TryNext(out var next))
            {
                var written = stream.WriteAsync(next);
                var waits = !written.IsCompleted;
                await written;
                if (waits)
                    await Task.Yield();
            }
        }
        catch (Exception)
        {
            Break();
        }
    }

    // Whatever the stream threw, nothing more can be sent; the server disposes it when the reading side ends, while this side may be writing. The buffer of
    // the write that failed is left to the collector: the stream may still be using it.
    private void Break()
    {
        lock (_lock)
        {
            if (_filling is not null)
                ArrayPool<byte>.Shared.Return(_filling);
            (_filling, _filled, _outgoing, _out, _writing) = (null, 0, null, 0, 0);
            _flushing = false;
            _closed = true;
            _broken = true;
            Complete(ref _drained);
            Complete(ref _below);
        }

        onBroken();
    }
}
