using System.Text.Json.Nodes;
using System.Threading.Channels;
using OcfCloud.Coap;
using OcfCloud.Simulator.Payloads;

namespace OcfCloud.Simulator.Tests.Support;

/// <summary>One connection of a <see cref="FakeCloud"/>.</summary>
internal sealed class FakeCloudConnection : ICoapConnectionHandler
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly FakeCloud _cloud;
    private readonly Stream _stream;
    private readonly CoapConnection _connection;
    private readonly CoapRequester _requester;
    private readonly Channel<CoapMessage> _seen = Channel.CreateUnbounded<CoapMessage>();
    private Task<CoapCloseReason> _running = null!;

    public FakeCloudConnection(FakeCloud cloud, Stream stream)
    {
        _cloud = cloud;
        _stream = stream;
        _connection = new CoapConnection(stream, new CoapConnectionOptions(), this, TimeProvider.System);
        _requester = new CoapRequester(_connection);
    }

    /// <summary>Ends with the connection, and fails when that does not end in time.</summary>
    public Task<CoapCloseReason> Closed => _running.WaitAsync(Deadline);

    public Task RunAsync(CancellationToken cancellationToken) => _running = _connection.RunAsync(cancellationToken);

    /// <summary>The next request that came, which must be of this path.</summary>
    public async Task<CoapMessage> ExpectAsync(string path)
    {
        var request = await _seen.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Deadline);
        Assert.Equal(path, request.Path);
        return request;
    }

    /// <summary>The next request that came, as a representation.</summary>
    public async Task<JsonObject> ExpectBodyAsync(string path)
    {
        Assert.True(RepresentationCodec.TryDecodeMap((await ExpectAsync(path)).Payload, out var body));
        return body;
    }

    /// <summary>Asks the device, as for one of the cloud's clients.</summary>
    public Task<CoapMessage> AskAsync(CoapMessage request) => _requester.RequestAsync(request, Deadline, TestContext.Current.CancellationToken);

    /// <summary>Observes the device.</summary>
    public Task<CoapObservation> ObserveAsync(CoapMessage request, Action<CoapMessage> onNotification) =>
        _requester.ObserveAsync(request, onNotification, Deadline, TestContext.Current.CancellationToken);

    /// <summary>Sends a message as it is.</summary>
    public void Send(CoapMessage message) => _connection.TrySend(message);

    /// <summary>The connection breaks.</summary>
    public void Break() => _stream.Dispose();

    void ICoapConnectionHandler.OnRequest(CoapConnection connection, in CoapFrame frame)
    {
        var request = CoapMessage.From(frame);
        if (_cloud.React(request) is { } answer)
        {
            answer.Token = request.Token;
            connection.TrySend(answer);
        }

        _seen.Writer.TryWrite(request);
    }

    void ICoapConnectionHandler.OnRelease(CoapConnection connection) => connection.Close(CoapCloseReason.PeerReleased);

    void ICoapConnectionHandler.OnClosed(CoapConnection connection, CoapCloseReason reason) => _seen.Writer.TryComplete();
}
