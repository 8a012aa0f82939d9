namespace OcfCloud.Coap.Tests.Support;

/// <summary>A connection under test that runs, and the bytes at its other end.</summary>
internal sealed class OneConnection : IAsyncDisposable
{
    public OneConnection(CoapConnectionOptions? options = null, TestHandler? handler = null)
    {
        Handler = handler ?? new TestHandler();
        (Stream, var other) = DuplexStream.Pair();
        Connection = new CoapConnection(Stream, options ?? new CoapConnectionOptions(), Handler, Time);
        Peer = new RawPeer(other);
        Running = RunAsync();
    }

    public CountingTime Time { get; } = new();

    public TestHandler Handler { get; }

    /// <summary>The connection's end.</summary>
    public DuplexStream Stream { get; }

    public CoapConnection Connection { get; }

    public RawPeer Peer { get; }

    /// <summary>Why it ended.</summary>
    public Task<CoapCloseReason> Running { get; }

    /// <summary>Sends a Ping and waits for the Pong: everything before it was handled.</summary>
    public async Task HandledAsync()
    {
        await Peer.SendAsync(new CoapMessage(CoapCode.Ping) { Token = CoapToken.FromUInt64(99) });
        await Peer.ReceiveAsync(CoapCode.Pong);
    }

    public async ValueTask DisposeAsync()
    {
        Stream.Resume();
        Connection.Close();
        await Stream.DisposeAsync();
        await Running.Soon();
    }

    private async Task<CoapCloseReason> RunAsync()
    {
        await using (Stream)
            return await Connection.RunAsync(TestContext.Current.CancellationToken);
    }
}
