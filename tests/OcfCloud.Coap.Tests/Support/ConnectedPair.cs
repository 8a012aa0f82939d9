using Microsoft.Extensions.Time.Testing;

namespace OcfCloud.Coap.Tests.Support;

/// <summary>Two connections that speak to each other in memory: we ask, the other side answers.</summary>
internal sealed class ConnectedPair : IAsyncDisposable
{
    private readonly Task<CoapCloseReason> _client;
    private readonly Task<CoapCloseReason> _server;

    private ConnectedPair(CoapConnectionOptions client, CoapConnectionOptions server, TestHandler handler, FakeTimeProvider time)
    {
        Time = time;
        Handler = handler;
        (ClientStream, ServerStream) = DuplexStream.Pair();
        Client = new CoapConnection(ClientStream, client, new TestHandler(), time);
        Server = new CoapConnection(ServerStream, server, handler, time);
        _server = RunAsync(Server, ServerStream);
        _client = RunAsync(Client, ClientStream);
    }

    public FakeTimeProvider Time { get; }

    public CoapConnection Client { get; }

    public CoapConnection Server { get; }

    public DuplexStream ClientStream { get; }

    public DuplexStream ServerStream { get; }

    /// <summary>Of the answering side.</summary>
    public TestHandler Handler { get; }

    /// <summary>A pair whose sides know each other's CSM, where one is sent.</summary>
    public static async Task<ConnectedPair> OpenAsync(
        CoapConnectionOptions? client = null, CoapConnectionOptions? server = null, TestHandler? handler = null, FakeTimeProvider? time = null)
    {
        client ??= new CoapConnectionOptions();
        server ??= new CoapConnectionOptions();
        var pair = new ConnectedPair(client, server, handler ?? new TestHandler(), time ?? new FakeTimeProvider());
        await Deadline.UntilAsync(() => pair.Client.Peer.CsmReceived == server.SendCsm && pair.Server.Peer.CsmReceived == client.SendCsm);
        return pair;
    }

    /// <summary>The answering side works blockwise, as a gateway does.</summary>
    public BlockwiseTransfers AnswerBlockwise(Func<CoapMessage, CoapMessage> answer, int maxBody = 1_048_576, TimeSpan? lifetime = null)
    {
        var transfers = new BlockwiseTransfers(Server.Peer, maxBody, lifetime ?? TimeSpan.FromMinutes(1), Time);
        Handler.Answer = request =>
            transfers.TryTake(request, out var whole, out var said)
                ? transfers.Fit(request, answer(whole!), Server.Peer.MaxMessageSize ?? 8192)
                : said;
        return transfers;
    }

    public async ValueTask DisposeAsync()
    {
        ClientStream.Resume();
        ServerStream.Resume();
        Client.Close();
        Server.Close();
        await Task.WhenAll(_client, _server).Soon();
    }

    // The one who opened the stream closes it when the connection ended, as a server does.
    private static async Task<CoapCloseReason> RunAsync(CoapConnection connection, DuplexStream stream)
    {
        await using (stream)
            return await connection.RunAsync(TestContext.Current.CancellationToken);
    }
}
