using System.Threading.Tasks.Sources;

namespace OcfCloud.Coap.Tests.Support;

/// <summary>
/// A stream that allocates nothing itself: what is delivered is read, on the delivering thread, before <see cref="Deliver"/> returns; what is written is kept
/// until it is taken.
/// </summary>
internal sealed class LoopStream : Stream, IValueTaskSource<int>
{
    private readonly byte[] _incoming = new byte[65_536];
    private readonly byte[] _written = new byte[65_536];
    private readonly byte[] _taken = new byte[65_536];
    private ManualResetValueTaskSourceCore<int> _read;
    private Memory<byte> _waiting;
    private bool _isWaiting;
    private bool _ended;
    private int _position;
    private int _available;
    private int _writtenCount;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Deliver(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_incoming);
        (_position, _available) = (0, bytes.Length);
        Continue();
        if (_available > 0)
            throw new InvalidOperationException("not all was read");
    }

    /// <summary>Delivers what was written as messages of another code.</summary>
    public void DeliverWrittenAs(CoapCode code)
    {
        var bytes = TakeWritten();
        for (var start = 0; start < bytes.Length;)
        {
            CoapFrameReader.ReadLength(bytes[start..], int.MaxValue, out var head, out var length);
            bytes[start + head - 1] = code.Value;
            start += length;
        }

        Deliver(bytes);
    }

    public Span<byte> TakeWritten()
    {
        _written.AsSpan(0, _writtenCount).CopyTo(_taken);
        var taken = _taken.AsSpan(0, _writtenCount);
        _writtenCount = 0;
        return taken;
    }

    public void End()
    {
        _ended = true;
        Continue();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_available > 0 || _ended)
            return new ValueTask<int>(Take(buffer));
        (_waiting, _isWaiting) = (buffer, true);
        _read.Reset();
        return new ValueTask<int>(this, _read.Version);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer.Span.CopyTo(_written.AsSpan(_writtenCount));
        _writtenCount += buffer.Length;
        return ValueTask.CompletedTask;
    }

    public int GetResult(short token) => _read.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _read.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, ValueTaskSourceOnCompletedFlags.None);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private int Take(Memory<byte> buffer)
    {
        var count = Math.Min(buffer.Length, _available);
        _incoming.AsSpan(_position, count).CopyTo(buffer.Span);
        _position += count;
        _available -= count;
        return count;
    }

    private void Continue()
    {
        if (!_isWaiting)
            return;
        _isWaiting = false;
        _read.SetResult(Take(_waiting));
    }
}
