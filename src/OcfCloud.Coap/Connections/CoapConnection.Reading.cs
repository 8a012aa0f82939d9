using System.Runtime.CompilerServices;

namespace OcfCloud.Coap;

/// <content>What comes from the peer.</content>
public sealed partial class CoapConnection
{
    // A peer that never pauses gives way to others after so many messages, of which a read counts for some: the thread may be theirs too.
    private const int MaxInRow = 256;
    private const int ReadInRow = 16;

    private int _inRow;

    private async Task ReadAsync()
    {
        while (true)
        {
            // Nothing half read: wait without a buffer. A stream that cannot do that returns at once.
            if (_received.IsEmpty)
            {
                var waiting = _stream.ReadAsync(Memory<byte>.Empty, _ended.Token);
                if (!waiting.IsCompleted)
                    _inRow = 0;
                _ = await waiting;
            }

            var reading = _stream.ReadAsync(_received.Free(), _ended.Token);
            if (!reading.IsCompleted)
                _inRow = 0;
            else if ((_inRow += ReadInRow) > MaxInRow)
                await GiveWayAsync();
            var read = await reading;
            if (read == 0)
                break;
            _received.Received(read);
            _readAt = _time.GetTimestamp();
            _liveness.Received(MillisecondsOf(_readAt));
            _handling = true;
            int consumed;
            int needed;
            try
            {
                consumed = Handle(_received.Filled, out needed);
            }
            finally
            {
                // What went to others goes out, even if the handler failed.
                _batch.Flush();
            }

            _handling = false;
            if (consumed < 0)
            {
                await ReadAwayAsync();
                break;
            }

            _received.Consume(consumed, needed);
            if (_received.IsEmpty)
                Volatile.Write(ref _begunAt, NoMessage);
            else if (consumed > 0 || _begunAt == NoMessage)
                Volatile.Write(ref _begunAt, MillisecondsOf(_readAt));
            if (_outbox.PendingBytes > ReadPauseThreshold)
                await PauseAsync();
        }

        // Only here: a read that failed may still be using it.
        _received.Release();
    }

    // Who asks faster than it reads waits for itself; not for ever, for it may be waiting in the same way for us.
    private async Task PauseAsync()
    {
        var paused = Now;
        try
        {
            await _outbox.WhenBelowThresholdAsync().WaitAsync(MaxReadPause, _time, _ended.Token);
        }
        catch (TimeoutException)
        {
        }

        // Meanwhile nothing was read, whatever came.
        if (_begunAt != NoMessage)
            Volatile.Write(ref _begunAt, _begunAt + Now - paused);
    }

    // The connection is being closed: what still comes is read away, so that the stream can end in order.
    private async Task ReadAwayAsync()
    {
        _received.Consume(_received.Filled.Length, 0);
        await GiveWayAsync();
        while (await _stream.ReadAsync(_received.Free(), _ended.Token) > 0)
        {
            if ((_inRow += ReadInRow) > MaxInRow)
                await GiveWayAsync();
        }
    }

    private YieldAwaitable GiveWayAsync()
    {
        _inRow = 0;
        return Task.Yield();
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
                    _inRow++;
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
        else if (HasTooManyOptions(frame))
            Abort("too many options");
        else if (frame.Code.IsResponse)
            Requests.Complete(this, frame);
        else if (frame.Code.IsSignaling)
            _signaling.Handle(frame);
        // Empty messages are ignored (RFC 8323, 3.4), and so are the reserved classes.
    }
}
