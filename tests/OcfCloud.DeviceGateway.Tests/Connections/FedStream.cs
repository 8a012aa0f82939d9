using System.Threading.Tasks.Sources;
using OcfCloud.Coap;

namespace OcfCloud.DeviceGateway.Tests.Connections;

/// <summary>
/// A stream whose reader runs on the thread that feeds it, and that keeps what is written in a buffer of its own: what happens between a read and a write can
/// be counted on one thread.
/// </summary>
internal sealed class FedStream : Stream, IValueTaskSource<int>
{
    private readonly Lock _lock = new();
    private readonly byte[] _written = new byte[1 << 20];
    private ManualResetValueTaskSourceCore<int> _read;
    private ReadOnlyMemory<byte> _fed;
    private Memory<byte> _into;
    private bool _waits;
    private bool _ended;
    private int _writesWaiting;
    private TaskCompletionSource? _awaited;

    /// <summary>What was written since <see cref="Take"/>.</summary>
    public int WrittenBytes { get; private set; }

    /// <summary>Where it is set, writes wait for it: the peer does not read.</summary>
    public TaskCompletionSource? NotRead { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether a write waits for it.</summary>
    public bool IsWriteWaiting => Volatile.Read(ref _writesWaiting) > 0;

    /// <summary>Gives bytes to the reader, which has handled them when this returns.</summary>
    public void Feed(ReadOnlyMemory<byte> bytes)
    {
        _fed = bytes;
        Hand();
    }

    /// <summary>The peer closes.</summary>
    public void End()
    {
        _ended = true;
        Hand();
    }

    /// <summary>Takes what was written.</summary>
    public ReadOnlySpan<byte> Take()
    {
        var length = WrittenBytes;
        WrittenBytes = 0;
        return _written.AsSpan(0, length);
    }

    /// <summary>Waits until something is written by another thread, and takes it.</summary>
    public async Task<byte[]> TakeWrittenAsync()
    {
        var awaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isEmpty;
        lock (_lock)
        {
            _awaited = awaited;
            isEmpty = WrittenBytes == 0;
        }

        if (isEmpty)
            await awaited.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        lock (_lock)
        {
            _awaited = null;
            return Take().ToArray();
        }
    }

    /// <summary>The first message of what was written.</summary>
    public static CoapMessage Read(ReadOnlySpan<byte> written) =>
        CoapFrameReader.Read(written, 1 << 20, out var frame, out _) == CoapFrameStatus.Complete
            ? CoapMessage.From(frame)
            : throw new InvalidOperationException("No whole message was written.");

    /// <summary>All messages of what was written.</summary>
    public static IReadOnlyList<CoapMessage> ReadAll(ReadOnlySpan<byte> written)
    {
        var messages = new List<CoapMessage>();
        while (CoapFrameReader.Read(written, 1 << 20, out var frame, out var length) == CoapFrameStatus.Complete)
        {
            messages.Add(CoapMessage.From(frame));
            written = written[length..];
        }

        return messages;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_fed.Length > 0 || _ended)
            return new ValueTask<int>(Read(buffer));
        _read.Reset();
        _into = buffer;
        _waits = true;
        return new ValueTask<int>(this, _read.Version);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        return NotRead is { } read ? WriteOnceReadAsync(read.Task, buffer) : Write(buffer);

        async ValueTask WriteOnceReadAsync(Task reading, ReadOnlyMemory<byte> late)
        {
            Interlocked.Increment(ref _writesWaiting);
            await reading;
            Interlocked.Decrement(ref _writesWaiting);
            await Write(late);
        }
    }

    private ValueTask Write(ReadOnlyMemory<byte> buffer)
    {
        lock (_lock)
        {
            buffer.Span.CopyTo(_written.AsSpan(WrittenBytes));
            WrittenBytes += buffer.Length;
            _awaited?.TrySetResult();
        }

        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    private void Hand()
    {
        if (!_waits)
            return;
        _waits = false;
        _read.SetResult(Read(_into));
    }

    private int Read(Memory<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _fed.Length);
        _fed[..length].CopyTo(buffer);
        _fed = _fed[length..];
        return length;
    }
}
