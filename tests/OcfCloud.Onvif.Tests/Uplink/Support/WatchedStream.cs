namespace OcfCloud.Onvif.Tests.Uplink.Support;

/// <summary>Sees GOAWAY and the end of what the cloud sends.</summary>
internal sealed class WatchedStream(Stream inner) : Stream
{
    // Type, flags, stream and last stream of a GOAWAY with NO_ERROR.
    private static readonly byte[] GoAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly TaskCompletionSource<bool> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _spoken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[] _last = [];
    private bool _saidGoAway;

    /// <summary>Completes with the first bytes of the cloud.</summary>
    public Task Spoken => _spoken.Task;

    /// <summary>Completes with the end of what the cloud sends, or where the camera closes the connection after GOAWAY; true where GOAWAY came before.</summary>
    public Task<bool> Closed => _closed.Task;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            Look(buffer[..read].Span);
            if (read > 0) _spoken.TrySetResult();
            if (read == 0 && buffer.Length > 0) _closed.TrySetResult(_saidGoAway);
            return read;
        }
        catch
        {
            _closed.TrySetResult(_saidGoAway);
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // A WebSocket gives a message in pieces.
    private void Look(ReadOnlySpan<byte> read)
    {
        byte[] seen = [.. _last, .. read];
        if (seen.AsSpan().IndexOf(GoAway) >= 0) _saidGoAway = true;
        _last = seen[Math.Max(0, seen.Length - GoAway.Length)..];
    }

    public override async ValueTask DisposeAsync()
    {
        if (_saidGoAway) _closed.TrySetResult(true);
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }
}
