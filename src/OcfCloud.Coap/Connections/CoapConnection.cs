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
public sealed partial class CoapConnection
{
    // Reading pauses above this, in bytes of our outbox, and at most so long.
    private const int ReadPauseThreshold = 65_536;

    // Where no message is half read.
    private const long NoMessage = long.MaxValue;

    private static readonly TimeSpan MaxReadPause = TimeSpan.FromSeconds(1);

    private readonly Stream _stream;
    private readonly CoapConnectionOptions _options;
    private readonly ICoapConnectionHandler _handler;
    private readonly TimeProvider _time;
    private readonly CoapOutbox _outbox;
    private readonly CoapFlushBatch _batch = new();
    private readonly CoapReceiveBuffer _received = new();
    private readonly CoapLiveness _liveness;
    private readonly CancellationTokenSource _ended = new();
    private readonly CoapSignaling _signaling;

    // In ticks of the clock.
    private long _readAt;

    // When the message began that is half read, in milliseconds.
    private long _begunAt = NoMessage;

    // 0: open; else 1 + the reason of whoever came first.
    private int _ending;
    private bool _handling;

    /// <summary>A connection that is not read yet; see <see cref="RunAsync"/>.</summary>
    public CoapConnection(Stream stream, CoapConnectionOptions options, ICoapConnectionHandler handler, TimeProvider time)
    {
        _stream = stream;
        _options = options;
        _handler = handler;
        _time = time;
        _outbox = new CoapOutbox(stream, options.MaxOutgoingBytes, ReadPauseThreshold, () => End(CoapCloseReason.Broken)) { MayCoalesce = options.MayCoalesce };
        _signaling = new CoapSignaling(this);
        _liveness = new CoapLiveness(options.IdlePing, Now);
        Requests = new CoapRequestTable(options.MaxRequestsInFlight, options.MaxRequestsPerAsker);
        // Nothing goes out before it, whoever sends first (RFC 8323, 3.3).
        if (options.SendCsm)
            _outbox.Append(new CoapMessageSource(CoapSignaling.Csm(options)));
    }

    /// <summary>What the peer announced.</summary>
    public CoapPeer Peer { get; } = new();

    /// <summary>Requests that we sent and that wait for their answer.</summary>
    public CoapRequestTable Requests { get; }

    /// <summary>What is to be flushed at the end of the read buffer that is being handled; for calls on the reading task only.</summary>
    public CoapFlushBatch Batch => _batch;

    /// <summary>The connection's clock, in milliseconds.</summary>
    public long Now => MillisecondsOf(_time.GetTimestamp());

    /// <summary>When what is being handled was read, as a timestamp of the clock; for calls on the reading task.</summary>
    public long ReadAt => _readAt;

    /// <summary>Bytes that wait to go out.</summary>
    public int PendingBytes => _outbox.PendingBytes;

    /// <summary>When the last bytes came, in milliseconds of <see cref="Now"/>.</summary>
    public long LastReceived => _liveness.LastReceived;

    /// <summary>The connection takes no more messages.</summary>
    public bool IsClosing => Volatile.Read(ref _ending) != 0;

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
        _outbox.Flush();
        try
        {
            await ReadAsync();
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // End() said why.
        }
        catch (Exception) when (!_handling)
        {
            // Whatever the stream throws, it is of no more use.
            End(CoapCloseReason.Broken);
        }
        finally
        {
            // The thread of the reads may be needed by others: an end takes longer than a message.
            await Task.Yield();
            // Only a fault of the handler comes here without a reason.
            End(_handling ? CoapCloseReason.Broken : CoapCloseReason.PeerClosed);
            Requests.Close();
            _handler.OnClosed(this, (CoapCloseReason)(_ending - 1));
        }

        return (CoapCloseReason)(_ending - 1);
    }

    /// <summary>Puts a message into the outbox. Safe from any thread.</summary>
    /// <param name="source">Writes the message.</param>
    /// <param name="batch">The batch of the reading task that runs this call; null: flushed at once.</param>
    public CoapSendStatus TrySend<T>(in T source, CoapFlushBatch? batch = null)
        where T : ICoapFrameSource, allows ref struct
    {
        var status = _outbox.Append(source);
        if (status != CoapSendStatus.Sent)
        {
            if (status == CoapSendStatus.Full)
                _options.OutgoingRefused?.Invoke();
            return status;
        }

        if (batch is null)
            _outbox.Flush();
        else
            batch.Add(_outbox);
        return CoapSendStatus.Sent;
    }

    /// <summary>Puts a message into the outbox. Safe from any thread.</summary>
    public CoapSendStatus TrySend(CoapMessage message, CoapFlushBatch? batch = null) => TrySend(new CoapMessageSource(message), batch);

    /// <summary>What has to be done from time to time: deadlines of requests, the ping of a silent peer, the end of one that stalls.</summary>
    /// <param name="now">The connection's clock, in milliseconds.</param>
    public void Tick(long now)
    {
        Requests.Sweep(now);
        if (IsClosing)
            return;
        if (IsOver(_options.MessageTimeout, Volatile.Read(ref _begunAt), now))
        {
            Abort("a message was begun and not ended", CoapCloseReason.MessageTimedOut);
            return;
        }

        if (_options.WriteTimeout > TimeSpan.Zero && _outbox.IsStalled(now, (long)_options.WriteTimeout.TotalMilliseconds))
        {
            End(CoapCloseReason.WriteTimedOut);
            return;
        }

        var step = _liveness.Look(now);
        if (step == CoapLivenessStep.PingNow)
            Ping();
        else if (step == CoapLivenessStep.Gone)
            End(CoapCloseReason.PingUnanswered);
    }

    /// <summary>Whether a message has more options, or more bytes of them, than is worked on.</summary>
    public bool HasTooManyOptions(in CoapFrame message) => message.OptionCount > _options.MaxOptions || message.Options.Length > _options.MaxOptionBytes;

    /// <summary>Sends a Ping; its Pong counts as life (RFC 8323, 5.4).</summary>
    public void Ping() => _signaling.Send(CoapCode.Ping, NewToken());

    /// <summary>Answers a Ping; see <see cref="ICoapConnectionHandler.OnCustodyPing"/>.</summary>
    /// <param name="token">The Ping's.</param>
    /// <param name="custody">Everything that came before the Ping is processed (RFC 8323, 5.4.1).</param>
    public void Pong(CoapToken token, bool custody) => _signaling.SendPong(token, custody, batch: null);

    internal static CoapToken NewToken()
    {
        Span<byte> bytes = stackalloc byte[CoapToken.MaxLength];
        RandomNumberGenerator.Fill(bytes);
        return CoapToken.From(bytes);
    }

    internal void PeerMayCoalesce() => _outbox.MayCoalesce = true;

    internal void OnPeerRelease() => _handler.OnRelease(this);

    internal void OnCustodyPing(CoapToken token) => _handler.OnCustodyPing(this, token);

    private static bool IsOver(TimeSpan timeout, long since, long now) => timeout > TimeSpan.Zero && since != NoMessage && now - since >= (long)timeout.TotalMilliseconds;

    private long MillisecondsOf(long timestamp) => (long)_time.GetElapsedTime(0, timestamp).TotalMilliseconds;
}
