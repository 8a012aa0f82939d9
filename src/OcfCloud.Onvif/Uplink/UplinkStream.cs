using System.Runtime.CompilerServices;

namespace OcfCloud.Onvif.Uplink;

/// <summary>
/// The camera's connection as the HTTP/2 client has it: it tells when the client let go of it, can be ended under the client's hands, and says GOAWAY between two of its frames.
/// </summary>
/// <param name="inner">The upgraded connection, or the messages of the WebSocket as one stream; disposed by whoever made it.</param>
internal sealed class UplinkStream(Stream inner) : Stream
{
    // RFC 9113, 6.8: length 8, type 7, stream 0; no stream of the camera's was taken, NO_ERROR.
    private static readonly byte[] GoAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly TaskCompletionSource<UplinkEnd> _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private bool _hasSpoken;
    private bool _cameraLeft;

    // 1 while a write is under way, and for ever after GOAWAY.
    private int _writing;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Completes when the HTTP/2 client has let go.</summary>
    public Task<UplinkEnd> Released => _released.Task;

    /// <summary>Is cancelled with <see cref="End"/>.</summary>
    public CancellationToken Ending => _ending.Token;

    /// <summary>Says GOAWAY, after which the client can write nothing more.</summary>
    /// <returns>False where the client's last write has not got through: the camera does not take anything.</returns>
    public async Task<bool> SayGoAwayAsync(CancellationToken cancellationToken)
    {
        // The client writes whole frames, one write at a time: between two writes is between two frames.
        if (Interlocked.CompareExchange(ref _writing, 1, 0) != 0) return false;
        if (_hasSpoken) await inner.WriteAsync(GoAway, cancellationToken);
        return true;
    }

    /// <summary>Ends it: the client's read fails, and with it all that waits for an answer.</summary>
    public void End()
    {
        _ending.Cancel();
        _released.TrySetResult(UplinkEnd.Broken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            // The client reads without a token of its own.
            var read = await inner.ReadAsync(buffer, _ending.Token);
            if (read == 0 && buffer.Length > 0) _cameraLeft = true;
            return read;
        }
        catch (Exception) when (!_ending.IsCancellationRequested)
        {
            _cameraLeft = true;
            throw;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Interlocked.CompareExchange(ref _writing, 1, 0) != 0) throw new IOException("The uplink is being closed.");
        _hasSpoken = true;
        await inner.WriteAsync(buffer, cancellationToken);

        // Not where it failed: half a frame is followed by nothing.
        Volatile.Write(ref _writing, 0);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The client has done with the connection.</summary>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _released.TrySetResult(_cameraLeft ? UplinkEnd.CameraLeft : UplinkEnd.Broken);
        base.Dispose(disposing);
    }
}
