namespace OcfCloud.Coap.Tests.Support;

/// <summary>The other end of a connection under test, byte by byte.</summary>
internal sealed class RawPeer(DuplexStream stream)
{
    private byte[] _unread = [];

    public ValueTask SendAsync(params byte[] bytes) => stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    public ValueTask SendAsync(CoapMessage message) => SendAsync(message.ToBytes());

    public void End() => stream.EndWriting();

    /// <summary>The next message; null: the stream ended.</summary>
    public async Task<CoapMessage?> ReceiveAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            if (TryTake(out var message))
                return message;
            var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask().Soon();
            if (read == 0)
                return null;
            _unread = [.. _unread, .. buffer.AsSpan(0, read)];
        }
    }

    /// <summary>The next message of a code, what comes before it passed over.</summary>
    public async Task<CoapMessage> ReceiveAsync(CoapCode code)
    {
        while (await ReceiveAsync() is { } message)
        {
            if (message.Code == code)
                return message;
        }

        throw new InvalidOperationException($"the stream ended before {code}");
    }

    private bool TryTake(out CoapMessage? message)
    {
        message = null;
        if (CoapFrameReader.Read(_unread, int.MaxValue, out var frame, out var length) != CoapFrameStatus.Complete)
            return false;
        message = CoapMessage.From(frame);
        _unread = _unread[length..];
        return true;
    }
}
