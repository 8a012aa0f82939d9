using System.Buffers;

namespace OcfCloud.Coap;

/// <summary>
/// What waits to go out on one stream: any thread appends under the lock, one flusher at a time swaps the buffer and writes it (SslStream forbids two writes
/// at once). An idle outbox owns no buffer; a full one refuses.
/// </summary>
internal sealed class CoapOutbox(Stream stream, int maxBytes, Action<Exception> onBroken)
{
    private const int FirstBuffer = 2048;

    private readonly Lock _lock = new();
    private byte[]? _filling;
    private int _filled;
    private int _writing;
    private bool _flushing;
    private bool _closed;
    private bool _broken;
    private TaskCompletionSource? _drained;

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

        _ = WriteAllAsync();
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

    /// <summary>Takes no more messages; what is there may still go out.</summary>
    public void Close()
    {
        lock (_lock)
            _closed = true;
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

    private async Task WriteAllAsync()
    {
        byte[]? buffer = null;
        try
        {
            while (true)
            {
                int length;
                lock (_lock)
                {
                    if (buffer is not null)
                        ArrayPool<byte>.Shared.Return(buffer);
                    (buffer, length) = (_filling, _filled);
                    (_filling, _filled, _writing) = (null, 0, length);
                    if (buffer is null)
                    {
                        _flushing = false;
                        _drained?.TrySetResult();
                        _drained = null;
                        return;
                    }
                }

                await WriteAsync(buffer, length);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The server disposes the stream when the reading side ends, while this side may be writing: nothing more to send.
            Break(buffer);
            onBroken(e);
        }
    }

    private async ValueTask WriteAsync(byte[] buffer, int length)
    {
        if (MayCoalesce)
        {
            await stream.WriteAsync(buffer.AsMemory(0, length));
            return;
        }

        for (var start = 0; start < length;)
        {
            _ = CoapFrameReader.ReadLength(buffer.AsSpan(start, length - start), int.MaxValue, out _, out var message);
            await stream.WriteAsync(buffer.AsMemory(start, message));
            start += message;
        }
    }

    private void Break(byte[]? buffer)
    {
        lock (_lock)
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
            if (_filling is not null)
                ArrayPool<byte>.Shared.Return(_filling);
            (_filling, _filled, _writing) = (null, 0, 0);
            _flushing = false;
            _closed = true;
            _broken = true;
            _drained?.TrySetResult();
            _drained = null;
        }
    }
}
