using OcfCloud.Coap;

namespace OcfCloud.LoadGenerator.Connections;

/// <summary>One connection to or from what is measured: asks one thing after the other while the load is set up, or answers as a device does.</summary>
internal sealed class PeerConnection(Stream stream, int bufferSize = PeerConnection.LoadBuffer) : IAsyncDisposable
{
    /// <summary>Of a connection that carries load, in bytes.</summary>
    public const int LoadBuffer = 16_384;

    /// <summary>Of a connection that is idle, in bytes.</summary>
    public const int IdleBuffer = 1_024;

    private const int LongestMessage = 1_048_576;
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60);

    private byte[] _out = new byte[Math.Max(bufferSize, DeviceAnswer.MaxSize)];
    private ulong _tokens;

    /// <summary>The bytes' way.</summary>
    public Stream Stream => stream;

    /// <summary>What came.</summary>
    public ReceiveWindow Received { get; } = new(bufferSize);

    /// <summary>The first message of a connection (RFC 8323, 5.3), which lets the peer put several messages into one record.</summary>
    public static byte[] Csm()
    {
        var buffer = new byte[CoapFrameWriter.MaxSize(1, 4, 0)];
        var writer = new CoapFrameWriter(buffer, CoapCode.Csm, CoapToken.FromUInt64(0x6c6f61642d63736d));
        // Max-Message-Size.
        writer.WriteOption(2, [0x10, 0, 0]);
        return buffer[..writer.Finish()];
    }

    /// <summary>Reads the next whole frame; false where it is not there yet.</summary>
    /// <exception cref="LoadException">What came is no CoAP.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CoapFrame frame)
    {
        switch (CoapFrameReader.Read(bytes, LongestMessage, out frame, out _))
        {
            case CoapFrameStatus.Complete:
                if (frame.Code == CoapCode.Abort)
                    throw new LoadException($"the server aborted the connection: {System.Text.Encoding.UTF8.GetString(frame.Payload)}");
                return true;
            case CoapFrameStatus.Incomplete:
                return false;
            default:
                throw new LoadException("what came is no CoAP message");
        }
    }

    /// <summary>Sends a request and waits for its answer; requests that come meanwhile are answered.</summary>
    /// <param name="request">Encodes it under a token.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LoadException">No answer in time, or the connection ended.</exception>
    public async Task<Reply> AskAsync(Func<CoapToken, byte[]> request, CancellationToken cancellationToken)
    {
        var token = CoapToken.FromUInt64(++_tokens);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(AnswerLimit);
        try
        {
            await stream.WriteAsync(request(token), late.Token);
            while (true)
            {
                var answers = Handle(token, out var reply);
                if (answers > 0)
                    await stream.WriteAsync(_out.AsMemory(0, answers), late.Token);
                if (reply is not null)
                    return reply;
                var count = await stream.ReadAsync(Received.Free(), late.Token);
                if (count == 0)
                    throw new LoadException("the server closed the connection instead of answering");
                Received.Received(count);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LoadException($"no answer within {AnswerLimit.TotalSeconds:0} s");
        }
        catch (IOException e)
        {
            throw new LoadException($"the connection broke: {e.Message}", e);
        }
    }

    /// <summary>Answers as a device does until the connection ends or is disposed.</summary>
    public async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                var answers = Handle(default, out _);
                if (answers > 0)
                    await stream.WriteAsync(_out.AsMemory(0, answers), CancellationToken.None);
                var count = await stream.ReadAsync(Received.Free(), CancellationToken.None);
                if (count == 0)
                    return;
                Received.Received(count);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The other side, or the end of the measurement.
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private int Handle(CoapToken awaited, out Reply? reply)
    {
        reply = null;
        var written = 0;
        while (reply is null && TryRead(Received.Filled, out var frame))
        {
            if (awaited.Length > 0 && frame.Code.IsResponse && frame.Token == awaited)
                reply = new Reply(frame.Code, frame.Payload.ToArray());
            if (_out.Length - written < DeviceAnswer.MaxSize)
                Array.Resize(ref _out, _out.Length * 2);
            written += DeviceAnswer.Write(frame, _out.AsSpan(written));
            Received.Consume(frame.Length);
        }

        return written;
    }
}
