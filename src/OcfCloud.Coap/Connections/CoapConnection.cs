using System.Buffers;
using System.Security.Cryptography;

namespace OcfCloud.Coap;

/// <summary>
/// CoAP over one reliable stream, in both roles (RFC 8323).
/// <code>
/// stream ─► read ─► frames in place ─► signaling here │ requests ─► handler │ responses ─► request table ─► receiver
/// any thread ─► TrySend ─► outbox ─► one flusher ─► stream
/// </code>
/// All messages of one read are handled, then everything they caused is flushed at once. An idle connection owns no buffers.
/// </summary>
public sealed class CoapConnection
{
    private const int ReadBuffer = 8192;
    private const int ReadPauseThreshold = 65_536;
    private static readonly TimeSpan MaxPongWait = TimeSpan.FromSeconds(10);

    private readonly Stream _stream;
    private readonly CoapConnectionOptions _options;
    private readonly ICoapConnectionHandler _handler;
    private readonly TimeProvider _time;
    private readonly CoapOutbox _outbox;
    private readonly CoapFlushBatch _batch = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly CoapSignaling _signaling;
    private long _lastReceived;
    private long _pinged;
    private int _closing;
    private CoapCloseReason _reason = CoapCloseReason.PeerClosed;

    /// <summary>A connection that is not read yet; see <see cref="RunAsync"/>.</summary>
    public CoapConnection(Stream stream, CoapConnectionOptions options, ICoapConnectionHandler handler, TimeProvider time)
    {
        _stream = stream;
        _options = options;
        _handler = handler;
        _time = time;
        _outbox = new CoapOutbox(stream, options.MaxOutgoingBytes, _ => End(CoapCloseReason.Broken)) { MayCoalesce = options.MayCoalesce };
        _signaling = new CoapSignaling(this);
        Requests = new CoapRequestTable(options.MaxRequestsInFlight);
        _lastReceived = Now;
    }

    /// <summary>What the peer announced.</summary>
    public CoapPeer Peer { get; } = new();

    /// <summary>Requests that we sent and that wait for their answer.</summary>
    public CoapRequestTable Requests { get; }

    /// <summary>What is to be flushed at the end of the read buffer that is being handled; for calls on the reading task only.</summary>
    public CoapFlushBatch Batch => _batch;

    /// <summary>The connection's clock, in milliseconds.</summary>
    public long Now => (long)_time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>The connection takes no more messages.</summary>
    public bool IsClosing => Volatile.Read(ref _closing) != 0;

    /// <summary>The largest message taken, in bytes.</summary>
    public int MaxMessageSize => _options.MaxMessageSize;

    /// <summary>Cancelled when the connection ended or is about to.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Sends our CSM, then reads until the connection ends, by whichever side.</summary>
    /// <returns>Why it ended. Broken streams and bad peers are results, not exceptions.</returns>
    public async Task<CoapCloseReason> RunAsync(CancellationToken cancellationToken)
    {
        await using var timer = _options.TickedByOwner
            ? null
            : _time.CreateTimer(_ => Tick(Now), null, TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(250));
        await using var cancelled = cancellationToken.UnsafeRegister(static c => ((CoapConnection)c!).End(CoapCloseReason.Closed), this);
        if (_options.SendCsm)
            _signaling.SendCsm(_options);
        try
        {
            await ReadAsync();
        }
        catch (OperationCanceledException)
        {
            // End() said why.
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            End(CoapCloseReason.Broken);
        }

        End(CoapCloseReason.PeerClosed);
        _outbox.Close();
        Requests.Close();
        _handler.OnClosed(this, _reason);
        return _reason;
    }

    /// <summary>Puts a message into the outbox. Safe from any thread.</summary>
    /// <param name="source">Writes the message.</param>
    /// <param name="batch">The batch of the reading task that runs this call; null: flushed at once.</param>
    public CoapSendStatus TrySend<T>(in T source, CoapFlushBatch? batch = null)
        where T : ICoapFrameSource, allows ref struct
    {
        var status = _outbox.Append(source);
        if (status != CoapSendStatus.Sent)
            return status;
        if (batch is null)
            _outbox.Flush();
        else
            batch.Add(_outbox);
        return CoapSendStatus.Sent;
    }

    /// <summary>Puts a message into the outbox. Safe from any thread.</summary>
    public CoapSendStatus TrySend(CoapMessage message, CoapFlushBatch? batch = null) => TrySend(new CoapMessageSource(message), batch);

    /// <summary>What has to be done from time to time: deadlines of requests, and the ping of a silent peer.</summary>
    /// <param name="now">The connection's clock, in milliseconds.</param>
    public void Tick(long now)
    {
        Requests.Sweep(now);
        if (_options.IdlePing <= TimeSpan.Zero || IsClosing)
            return;
        var silent = now - Volatile.Read(ref _lastReceived);
        var idle = (long)_options.IdlePing.TotalMilliseconds;
        var pinged = Volatile.Read(ref _pinged);
        if (pinged > Volatile.Read(ref _lastReceived))
        {
            if (now - pinged >= Math.Min(idle, (long)MaxPongWait.TotalMilliseconds))
                End(CoapCloseReason.PingUnanswered);
        }
        else if (silent >= idle)
        {
            Volatile.Write(ref _pinged, now);
            _signaling.Send(CoapCode.Ping, NewToken());
        }
    }

    /// <summary>Sends a Ping; its Pong counts as life (RFC 8323, 5.4).</summary>
    public void Ping() => _signaling.Send(CoapCode.Ping, NewToken());

    /// <summary>Tells the peer Release and closes when that is out (RFC 8323, 5.5).</summary>
    public void Release()
    {
        _signaling.Send(CoapCode.Release, NewToken());
        Close();
    }

    /// <summary>Tells the peer Abort with a diagnostic and closes when that is out (RFC 8323, 5.6).</summary>
    public void Abort(string diagnostic, CoapCloseReason reason = CoapCloseReason.ProtocolError) => _signaling.Abort(diagnostic, 0, reason);

    /// <summary>Closes when everything that is in the outbox is out, within the close timeout.</summary>
    public void Close(CoapCloseReason reason = CoapCloseReason.Closed)
    {
        if (Interlocked.Exchange(ref _closing, 1) != 0)
            return;
        _reason = reason;
        _outbox.Close();
        _outbox.Flush();
        _ = DrainAsync(reason);
    }

    internal static CoapToken NewToken()
    {
        Span<byte> bytes = stackalloc byte[CoapToken.MaxLength];
        RandomNumberGenerator.Fill(bytes);
        return CoapToken.From(bytes);
    }

    internal void PeerMayCoalesce() => _outbox.MayCoalesce = true;

    internal void OnPeerRelease() => _handler.OnRelease(this);

    internal void End(CoapCloseReason reason)
    {
        if (Interlocked.Exchange(ref _closing, 1) == 0)
            _reason = reason;
        _outbox.Close();
        _ended.Cancel();
    }

    private async Task DrainAsync(CoapCloseReason reason)
    {
        try
        {
            await _outbox.WhenDrainedAsync().WaitAsync(_options.CloseTimeout, _time);
        }
        catch (TimeoutException)
        {
            // A peer that does not read does not hold the connection.
        }

        End(reason);
    }

    private async Task ReadAsync()
    {
        byte[]? buffer = null;
        var filled = 0;
        try
        {
            while (true)
            {
                // Nothing half read: wait without a buffer.
                if (buffer is null)
                {
                    _ = await _stream.ReadAsync(Memory<byte>.Empty, _ended.Token);
                    buffer = ArrayPool<byte>.Shared.Rent(ReadBuffer);
                }

                var read = await _stream.ReadAsync(buffer.AsMemory(filled), _ended.Token);
                if (read == 0)
                    return;
                filled += read;
                Volatile.Write(ref _lastReceived, Now);
                var consumed = Handle(buffer.AsSpan(0, filled), out var needed);
                _batch.Flush();
                if (consumed < 0)
                {
                    await WaitForEndAsync();
                    return;
                }

                filled -= consumed;
                if (filled == 0)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = null;
                }
                else
                {
                    buffer = Keep(buffer, consumed, filled, needed);
                }

                // Who asks faster than it reads waits for itself.
                if (_outbox.PendingBytes > ReadPauseThreshold)
                    await _outbox.WhenDrainedAsync().WaitAsync(_ended.Token);
            }
        }
        finally
        {
            if (buffer is not null)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Keeps the beginning of a message, in a buffer that takes all of it; its size was bounded before.
    private static byte[] Keep(byte[] buffer, int consumed, int filled, int needed)
    {
        var rest = buffer.AsSpan(consumed, filled);
        if (needed <= buffer.Length)
        {
            rest.CopyTo(buffer);
            return buffer;
        }

        var larger = ArrayPool<byte>.Shared.Rent(needed);
        rest.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    // The connection is being closed after an Abort: what still comes is read away, so that the stream can end in order.
    private async Task WaitForEndAsync()
    {
        var sink = ArrayPool<byte>.Shared.Rent(ReadBuffer);
        try
        {
            while (await _stream.ReadAsync(sink, _ended.Token) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(sink);
        }
    }

    private int Handle(ReadOnlySpan<byte> bytes, out int needed)
    {
        var consumed = 0;
        needed = 0;
        while (consumed < bytes.Length)
        {
            if (IsClosing)
                return -1;
            switch (CoapFrameReader.Read(bytes[consumed..], _options.MaxMessageSize, out var frame, out var length))
            {
                case CoapFrameStatus.Complete:
                    Dispatch(frame);
                    consumed += length;
                    break;
                case CoapFrameStatus.Incomplete:
                    needed = length;
                    return consumed;
                case CoapFrameStatus.TooLarge:
                    Abort($"message over {_options.MaxMessageSize} bytes");
                    return -1;
                default:
                    Abort("malformed message");
                    return -1;
            }
        }

        return consumed;
    }

    private void Dispatch(in CoapFrame frame)
    {
        if (frame.Code.IsRequest)
            _handler.OnRequest(this, frame);
        else if (frame.Code.IsResponse)
            Requests.Complete(this, frame);
        else if (frame.Code.IsSignaling)
            _signaling.Handle(frame);
        // Empty messages are ignored (RFC 8323, 3.4), and so are the reserved classes.
    }
}
